import type { FlowSettings } from "../../../lib/flow/context.ts";
import type { Answer } from "../../../lib/flow/reply.ts";
import type { UpstreamCall } from "../pingone/calls.ts";
import type { Effect, Upstream } from "../pingone/upstream.ts";
import type { News } from "../ports.ts";
import type { FlowRow } from "../table/flow-row.ts";
import type { World } from "../world.ts";
import type { Deeds, Ledger } from "./ledger.ts";

/** What a check can look at: everything, as it is once something has happened. */
export interface Sight {
  readonly world: World;
  readonly settings: FlowSettings;
  readonly ledger: Ledger;
  /** What the request has done that it happened to. */
  readonly deeds: Deeds;
}

/** A request to the table has been done. */
export interface RowSight extends Sight {
  readonly purpose: string;
  readonly before: FlowRow | undefined;
  readonly after: FlowRow | undefined;
}

/** A call has come to PingOne. */
interface CallSight extends Sight {
  readonly call: UpstreamCall;
  readonly effect: Effect;
  readonly before: Upstream | undefined;
}

/** A waiter has been told. */
export interface TellingSight extends Sight {
  readonly waiter: string;
  readonly news: News;
}

/** A request has been answered. */
export interface AnswerSight extends Sight {
  readonly answer: Answer;
}

/** Something that has to hold whatever happens: each part gives what is wrong, or nothing. */
export interface Check {
  readonly name: string;
  /** What it holds, in a sentence. */
  readonly promise: string;
  readonly onRow?: (sight: RowSight) => string | undefined;
  readonly onCall?: (sight: CallSight) => string | undefined;
  readonly onTelling?: (sight: TellingSight) => string | undefined;
  readonly onAnswer?: (sight: AnswerSight) => string | undefined;
}

/** What did not hold. */
export interface Violation {
  readonly check: string;
  readonly text: string;
}

/** Whether nothing more will happen to a flow in this status. */
function isEnded(status: string): boolean {
  return ["FAILED", "RESUMED", "UNSUPPORTED", "RESTART_REQUIRED"].includes(status);
}

/** Whether a flow goes on. */
export function isAlive(row: FlowRow | undefined, now: number): row is FlowRow {
  return row !== undefined && row.deadline > now && !isEnded(row.status);
}
