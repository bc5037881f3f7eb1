import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { endpointOf } from "../aws/endpoint.ts";
import type { Budgets } from "../flow/budgets.ts";
import { signingHash } from "./sha256.ts";

/** Where DynamoDB is and how long it may take. */
export interface DynamoSettings extends Pick<Budgets, "storeTryMs" | "storeTries"> {
  /** A DynamoDB-compatible server in the place of AWS. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** In the place of the ones the AWS SDK finds by itself. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

type RetryStrategy = NonNullable<DynamoDBClientConfig["retryStrategy"]>;

/**
 * A document client that answers or fails within `storeTryMs * (storeTries + 1)` milliseconds: a try is
 * aborted when `storeTryMs` pass without the head of its reply, and later without another byte of it; all the
 * pauses between tries together take at most as long as one try.
 */
export function createDynamoClient(settings: DynamoSettings): DynamoDBDocumentClient {
  const { storeTryMs, storeTries, endpoint, region, credentials } = settings;
  // Idle connections die while a function is frozen: with fewer of them than tries, the last try
  // has a new one.
  const agent = { keepAlive: true, maxFreeSockets: Math.max(1, storeTries - 1) };
  const client = new DynamoDBClient({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    endpointProvider: endpointOf("dynamodb"),
    sha256: signingHash(),
    maxAttempts: storeTries,
    retryStrategy: boundedRetries(storeTryMs, storeTries),
    requestHandler: {
      connectionTimeout: storeTryMs,
      requestTimeout: storeTryMs,
      // Without this the handler only warns and goes on waiting.
      throwOnRequestTimeout: true,
      // The request time-out ends with the first byte of the reply; this one guards the rest of it.
      socketTimeout: storeTryMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
  // It prepares what it would log for a log that nobody reads, at every request.
  client.middlewareStack.remove("loggerMiddleware");
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

// The SDK's own strategy pauses for up to three seconds after throttling, which no budget of ours allows.
function boundedRetries(storeTryMs: number, storeTries: number): RetryStrategy {
  const longestPause = storeTries > 1 ? storeTryMs / (storeTries - 1) : 0;
  const tokenFor = (retries: number) => ({
    getRetryCount: () => retries,
    getRetryDelay: () => (retries === 0 ? 0 : Math.random() * Math.min(longestPause, 25 * 2 ** retries)),
    getRetryCost: () => 0,
  });
  return {
    acquireInitialRetryToken: () => Promise.resolve(tokenFor(0)),
    refreshRetryTokenForRetry(token, { errorType }) {
      const retries = token.getRetryCount() + 1;
      const worthwhile = errorType === "TRANSIENT" || errorType === "THROTTLING";
      return worthwhile && retries < storeTries
        ? Promise.resolve(tokenFor(retries))
        : Promise.reject(new Error("No try is left."));
    },
    recordSuccess: () => undefined,
  };
}
