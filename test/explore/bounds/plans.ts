import type { Plan } from "../search/plan.ts";
import type { Acting } from "./actors.ts";
import type { Root } from "./root-state.ts";
import { nameOf } from "./roots.ts";

/** How far a bound goes. */
export type Reach = Pick<Plan, "faults" | "width"> & { readonly bringsRow?: boolean };

/** A plan for some who make their requests at the same time. */
export function planFor(
  root: Root,
  actors: readonly Acting[],
  { faults, width, bringsRow = true }: Reach,
): Plan {
  const who = actors.map(({ name }) => name).join(" + ");
  return {
    name: `${nameOf(root)}: ${who}${bringsRow ? "" : ", no row with a refusal"}`,
    ...{ root, faults, width, bringsRow },
    requests: (keys) => actors.map(({ request }, place) => request(keys, place)),
  };
}
