import type { AttemptLimits } from "../../../lib/flow/flow.ts";
import { type StepName, steps } from "../../../lib/flow/steps.ts";
import type { FlowRow } from "../table/flow-row.ts";

/** Whether a row's attempts leave no room for a step. */
export function isUsedUp(
  step: StepName,
  row: FlowRow,
  { attemptLimit, credentialLimit }: AttemptLimits,
): boolean {
  const { countsAttempt, triesCredential, afterProof } = steps[step];
  // What proves nobody leads to what has to: there has to be room for both.
  const leadsOn = countsAttempt && !triesCredential && afterProof !== true;
  const needsCredential = triesCredential || leadsOn;
  return (
    (countsAttempt && row.attempts + (leadsOn ? 1 : 0) >= attemptLimit) ||
    (needsCredential && (row.credentialTries ?? 0) >= credentialLimit)
  );
}
