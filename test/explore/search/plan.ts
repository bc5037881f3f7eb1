import { type Ground, type Keys, prepare } from "../bounds/root.ts";
import type { Root } from "../bounds/root-state.ts";
import { Judge } from "../judge/judge.ts";
import { copyOfLedger } from "../judge/ledger.ts";
import type { Width } from "../pingone/outcome.ts";
import type { Defect } from "../ports.ts";
import type { RequestSpec } from "../requests.ts";
import type { Names } from "../schedule/names.ts";
import { Schedule } from "../schedule/schedule.ts";
import { copyOf } from "../world.ts";

/** Requests on a flow, and how much may go wrong. */
export interface Plan {
  /** Names it among all plans. */
  readonly name: string;
  readonly root: Root;
  readonly requests: (keys: Keys) => readonly RequestSpec[];
  readonly faults: number;
  readonly width: Width;
  /** Whether a refused write brings the row. */
  readonly bringsRow: boolean;
  readonly defect?: Defect;
}

/** A plan whose flow has been made. */
export interface Prepared {
  readonly plan: Plan;
  readonly ground: Ground;
  readonly requests: readonly RequestSpec[];
}

/** Makes the flow of a plan. */
export async function prepared(plan: Plan): Promise<Prepared> {
  const ground = await prepare(plan.root);
  return { plan, ground, requests: plan.requests(ground.keys) };
}

/** A schedule of a plan, before its first choice. */
export function opened({ plan, ground, requests }: Prepared, names: Names): Schedule {
  const { faults, width, bringsRow, defect } = plan;
  const world = copyOf(ground.world);
  const judge = new Judge(world, copyOfLedger(ground.ledger), ground.settings);
  return new Schedule({
    world,
    judge,
    requests,
    settings: ground.settings,
    faults,
    width,
    bringsRow,
    defect,
    names,
  });
}
