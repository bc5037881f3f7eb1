import type { ChoiceFault } from "../../lib/flow/reasons.ts";
import { type ClientStep, steps } from "../../lib/flow/steps.ts";

/** What is wrong with something that was chosen has a name of its own. */
export function wordFor(step: ClientStep, means: ChoiceFault["kind"]): string {
  const fault = { "new-password": { unsatisfied: [] }, malformed: { member: "body" } } as const;
  const { rejection } = steps[step];
  const told = means === "malformed" ? { kind: means, ...fault[means] } : { kind: means, ...fault[means] };
  return rejection({ fault: told }).error;
}
