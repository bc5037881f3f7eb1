import type { Ending, Execution, Try } from "../../local/workflow/execution.ts";
import type { RecordedCall } from "../../simulator/calls.ts";
import { endingErrors, openErrors, retryableErrors } from "../../support/workflow-errors.ts";
import type { Misses } from "./proof.ts";

/** Refused by PingOne before it looked at what the call carried. */
const unlooked: readonly number[] = [401, 403, 404, 415, 429];
const credentialActions: readonly string[] = ["user.lookup", "usernamePassword.check"];

/** What a definition says by itself, and what Lambda's own words are here where nothing was spent. */
const ownNames = ["NoProgress", "ReportRefused", "UnexpectedStep", "UserUnknown"];
const lambdaNames = ["Lambda.ServiceException", "Lambda.Unknown"];
const named = new Set<string>([
  ...endingErrors,
  ...retryableErrors,
  ...openErrors,
  ...ownNames,
  ...lambdaNames,
]);

/** After these a call may be made again as it was. */
const retryable: readonly string[] = retryableErrors;
const presenting: readonly string[] = ["Lookup", "Password"];

/** How an execution went, as what really happened has it. */
export interface JudgementBasis {
  readonly label: string;
  readonly execution: Execution;
  readonly ending: Ending;
  /** What PingOne was asked meanwhile. */
  readonly calls: readonly RecordedCall[];
  /** How often each credential was presented. */
  readonly presented: number;
}

/** Holds an execution to the promises: a named end, and one call for each credential that was presented. */
export function judgeExecution(
  { label, execution, ending, calls, presented }: JudgementBasis,
  misses: Misses,
): void {
  const error = ending.status === "FAILED" ? ending.error : undefined;
  const isNamed = ending.status === "SUCCEEDED" || (error !== undefined && named.has(error));
  misses.unless(isNamed, () => `${label}: ended ${JSON.stringify(ending)}`);
  const looked = calls.filter(({ status }) => !unlooked.includes(status)).map(({ action }) => action);
  for (const action of credentialActions) {
    const made = looked.filter((one) => one === action).length;
    misses.unless(made <= presented, () => `${label}: ${made} calls of ${action}`);
  }
  const isSignedOn = looked.includes("usernamePassword.check");
  misses.unless(isSignedOn || ending.status !== "SUCCEEDED", () => `${label}: nobody has signed on`);
  for (const state of presenting) {
    misses.unless(
      !isSentAtOnce(execution.tries, state),
      () => `${label}: ${state} was tried again before anybody asked what became of it`,
    );
  }
}

/** Whether a step whose end is open was tried again without a look at what became of it. */
function isSentAtOnce(tries: readonly Try[], state: string): boolean {
  return tries.some((one, index) => {
    if (one.state !== state || one.error === undefined || retryable.includes(one.error.Error)) return false;
    return tries[index + 1]?.state === state;
  });
}
