import type { Plan } from "../search/plan.ts";
import { oneRequest } from "./one.ts";
import { threeRequests, twoRequests } from "./several.ts";

/** What is explored without a gap. */
export interface Bound {
  readonly name: string;
  readonly plans: readonly Plan[];
}

/** Every bound, with so many faults fewer than in full. */
export function boundsWith(fewer: number): readonly Bound[] {
  const reach = (faults: number, width: Plan["width"]) => ({ faults: Math.max(0, faults - fewer), width });
  return [
    { name: "one", plans: oneRequest(reach(3, "all")) },
    { name: "two", plans: twoRequests(reach(2, "core")) },
    { name: "three", plans: threeRequests(reach(1, "core")) },
  ];
}
