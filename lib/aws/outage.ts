const throttled = new Set([
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TooManyRequestsException",
  // An earlier try of the same transaction is still at work.
  "TransactionInProgressException",
]);

const aborted = new Set(["AbortError", "TimeoutError"]);

/**
 * Whether an error of an AWS client means that the service didn't answer, or not in time: a time-out, a
 * broken connection, throttling, a failure of its own. Anything else, such as an invalid request or a
 * missing right, does not.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("$fault" in error) return error.$fault === "server" || throttled.has(error.name);
  return aborted.has(error.name) || isNetworkError(error) || isUnreadable(error);
}

// The SDK hangs the reply on the error of a parser that could not read it: a load balancer's
// page, not AWS's JSON.
function isUnreadable(error: Error): boolean {
  return error instanceof SyntaxError && "$response" in error;
}

// Node names a system error by its errno (ECONNRESET) and a broken reply by the parser's word (HPE_…);
// its own ERR_… are mistakes of the program.
function isNetworkError(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && !error.code.startsWith("ERR_");
}
