import type { FlowSettings } from "../../../lib/flow/context.ts";
import type { Answer } from "../../../lib/flow/reply.ts";
import type { Judge } from "../judge/judge.ts";
import type { Width } from "../pingone/outcome.ts";
import type { Defect } from "../ports.ts";
import type { RequestSpec } from "../requests.ts";
import type { World } from "../world.ts";
import type { Names } from "./names.ts";
import type { Past } from "./past.ts";
import type { Told, Wait } from "./run.ts";

/**
 * What a choice has to do with: two choices of different requests about different things can change places.
 */
type Matter = "clock" | "keys" | "limits" | "pingone" | "row" | "waiter";

/** One thing that can happen next. */
export interface Choice {
  /** Whose request it is about; empty for the clock. */
  readonly actor: string;
  /** In words: no two that can happen at the same moment are the same. */
  readonly name: string;
  readonly faults: 0 | 1;
  readonly matter: Matter;
  take(): void;
}

/** A request on its way. */
export interface Actor extends Standing {
  readonly name: string;
  readonly spec: RequestSpec;
}

/** Where a request stands. */
export interface Standing {
  /** What it waits for; nothing once it has ended. */
  pending: Wait | undefined;
  /** How often what it waits for was sent before, and whether it has written. */
  earlier: { readonly tries: number; readonly hasWritten: boolean };
  /** How often it has been told something. */
  told: number;
  /** All that it has been told so far, and when. */
  past: Past;
  answer: Answer | undefined;
}

/** What a schedule begins with. */
export interface ScheduleSettings {
  readonly world: World;
  readonly requests: readonly RequestSpec[];
  readonly settings: FlowSettings;
  /** The most faults. */
  readonly faults: number;
  readonly width: Width;
  /** Whether a refused write brings the row. */
  readonly bringsRow: boolean;
  readonly defect?: Defect | undefined;
  readonly names: Names;
  readonly judge: Judge;
}

/** The schedule that a request runs in, as what becomes of the request needs it. */
export interface Course {
  readonly settings: ScheduleSettings;
  /** Lets a request go on that is told something; without that it goes on waiting, and it is noted. */
  reply(actor: Actor, text: string, told: Told | undefined): void;
  /**
   * Leaves something under way that nobody waits for.
   *
   * @param choices what can come of it; `land` says that it has
   */
  fly(actor: Actor, choices: (land: () => void) => readonly Choice[]): void;
}
