/** How long each part of a request may take, in milliseconds. Each nests in the next. */
export interface Budgets {
  /** One try of one DynamoDB request. */
  readonly storeTryMs: number;
  /** Tries of one DynamoDB request. */
  readonly storeTries: number;
  /** One DynamoDB request with all its tries, to the last byte of the reply. */
  readonly storeMs: number;
  /** The one call to PingOne, from connecting to the last byte. */
  readonly upstreamMs: number;
  /** What has to be left of a lease for the call and the commit to fit in. */
  readonly actAndCommitMs: number;
  /** The claim's lease. */
  readonly leaseMs: number;
  /** The Lambda function's timeout. */
  readonly functionMs: number;
}

/** What a first connection with TLS needs, however little time PingOne is given: milliseconds. */
const shortestTryMs = 250;

/**
 * API Gateway's default limit for an integration.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const gatewayMs = 29_000;

/**
 * Derives every time budget from the one that can be configured.
 *
 * @param upstreamMs how long PingOne may take; milliseconds, at most 8,500
 * @throws RangeError when the budgets would not nest within the gateway's limit
 */
export function budgetsFor(upstreamMs: number): Budgets {
  const storeTryMs = Math.max(shortestTryMs, Math.ceil(upstreamMs / 8));
  const storeTries = 3;
  // A try, and as long again for the pauses between tries.
  const storeMs = storeTryMs * storeTries + storeTryMs;
  const actAndCommitMs = upstreamMs + storeMs + storeTryMs;
  const leaseMs = storeMs + actAndCommitMs;
  // A request may read, fall back to another read, and only then claim and settle or poll.
  const functionMs = 2 * storeMs + leaseMs + storeTryMs;
  if (!(upstreamMs > 0) || functionMs >= gatewayMs) {
    throw new RangeError("The budgets don't nest: give PingOne less time.");
  }
  return { storeTryMs, storeTries, storeMs, upstreamMs, actAndCommitMs, leaseMs, functionMs };
}
