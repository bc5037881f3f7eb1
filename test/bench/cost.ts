import type { TableUse } from "./writes.ts";

/**
 * List prices of eu-west-1 in US dollars, as `docs/operations.md`, "Costs", has them. AWS publishes them at
 * https://aws.amazon.com/api-gateway/pricing/ (REST), https://aws.amazon.com/lambda/pricing/ (x86),
 * https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/cloudwatch/pricing/ (logs) and
 * https://aws.amazon.com/waf/pricing/.
 */
const prices = {
  /** A million requests. */
  gateway: 3.5,
  lambdaRequests: 0.2,
  webAcl: 0.6,
  /** A million units. */
  write: 0.705,
  read: 0.14,
  /** A gigabyte second. */
  lambdaTime: 0.0000133334,
  /** A gigabyte. */
  logs: 0.57,
} as const;

/** A function's memory in production (`infra/environments/prod.ts`): GB. */
const memoryGb = 1;
/** What a log line and the gateway's own take: bytes. */
const logBytes = 2 * 1200;

/**
 * What a million sign-ons cost: US dollars by part. A sign-on is every request whose use of the table was
 * counted.
 *
 * @param requestMs what Lambda bills for one request
 */
export function costOf(use: TableUse, requestMs: number): Readonly<Record<string, number>> {
  const requests = Object.keys(use).length;
  const made = Object.values(use).flat();
  const units = (isRead: boolean) =>
    made.reduce((sum, one) => (one.operation.startsWith("Get") === isRead ? sum + one.units : sum), 0);
  const parts = {
    "API Gateway": requests * prices.gateway,
    "Lambda, requests": requests * prices.lambdaRequests,
    "Lambda, time": requests * requestMs * 1000 * memoryGb * prices.lambdaTime,
    "DynamoDB, writes": units(false) * prices.write,
    "DynamoDB, reads": units(true) * prices.read,
    Logs: (requests * logBytes * prices.logs) / 1000,
    "Web ACL": requests * prices.webAcl,
  };
  const together = Object.values(parts).reduce((sum, one) => sum + one, 0);
  return { together, ...parts };
}
