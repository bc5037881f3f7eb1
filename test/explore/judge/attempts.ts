import type { AttemptLimits } from "../../../lib/flow/flow.ts";
import { type StepName, steps } from "../../../lib/flow/steps.ts";
import type { FlowRow } from "../table/flow-row.ts";

/** Whether a row's attempts leave no room for a step. */
export function isUsedUp(
  step: StepName,
  row: FlowRow,
  { attemptLimit, credentialLimit }: AttemptLimits,
): boolean {
  const { countsAttempt, triesCredential, forgetsPerson } = steps[step];
  // Who begins anew has to prove themselves anew.
  const needsCredential = triesCredential || forgetsPerson === true;
  return (
    (countsAttempt && row.attempts >= attemptLimit) ||
    (needsCredential && (row.credentialTries ?? 0) >= credentialLimit)
  );
}
