import type { AttemptLimits } from "../../../lib/flow/flow.ts";
import { type StepName, steps } from "../../../lib/flow/steps.ts";
import type { FlowRow } from "../table/flow-row.ts";

/** Whether a row's attempts leave no room for a step. */
export function isUsedUp(
  step: StepName,
  row: FlowRow,
  { attemptLimit, credentialLimit }: AttemptLimits,
): boolean {
  const { countsAttempt, triesCredential } = steps[step];
  return (
    (countsAttempt && row.attempts >= attemptLimit) ||
    (triesCredential && (row.credentialTries ?? 0) >= credentialLimit)
  );
}
