import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { standInAws } from "./stand-in.ts";

/** What a table is made with. */
export interface TableShape {
  readonly keys: { readonly AttributeName: string; readonly KeyType: "HASH" | "RANGE" }[];
  readonly attributes: { readonly AttributeName: string; readonly AttributeType: "B" | "N" | "S" }[];
  readonly ttlAttribute: string;
}

/** The flow table, as it is deployed. */
export const flowTable: TableShape = {
  keys: [{ AttributeName: "pk", KeyType: "HASH" }],
  attributes: [{ AttributeName: "pk", AttributeType: "S" }],
  ttlAttribute: "ttl",
};

/** An engine's first reply takes as long as the engine takes to wake up. Milliseconds. */
const tryMs = 30_000;

/**
 * Creates the flow table on a local engine, with the key, billing and TTL attribute of the deployed one, and
 * waits until it can be used. An engine that knows no TTL goes without: the store never relies on it.
 *
 * A reply may be lost, and the AWS SDK asks again. What the first try made is then not
 * taken for somebody else's.
 *
 * @param endpoint the engine's URL
 * @throws ResourceInUseException when the engine had the table before
 */
export async function createFlowTable(
  endpoint: string,
  tableName: string,
  shape: TableShape = flowTable,
): Promise<void> {
  const requestHandler = { requestTimeout: tryMs, throwOnRequestTimeout: true };
  const client = new DynamoDBClient({ ...standInAws, endpoint, maxAttempts: 3, requestHandler });
  try {
    await create(client, tableName, shape);
    await untilActive(client, tableName);
    await enableTtl(client, tableName, shape);
  } finally {
    client.destroy();
  }
}

async function create(client: DynamoDBClient, TableName: string, { keys, attributes }: TableShape) {
  const command = new CreateTableCommand({
    TableName,
    AttributeDefinitions: attributes,
    KeySchema: keys,
    BillingMode: "PAY_PER_REQUEST",
  });
  await client.send(command).catch((error: unknown) => {
    if (!isOwn(error, "ResourceInUseException")) throw error;
  });
}

async function enableTtl(client: DynamoDBClient, TableName: string, { ttlAttribute }: TableShape) {
  const TimeToLiveSpecification = { AttributeName: ttlAttribute, Enabled: true };
  const command = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification });
  await client.send(command).catch((error: unknown) => {
    const isUnknown = error instanceof DynamoDBServiceException && error.name === "UnknownOperationException";
    if (!(isUnknown || isOwn(error, "ValidationException"))) throw error;
  });
}

/** Whether the refusal is of a repetition, and so of what an earlier try of the same request has done. */
function isOwn(error: unknown, name: string): boolean {
  const isRefusal = error instanceof DynamoDBServiceException && error.name === name;
  return isRefusal && (error.$metadata.attempts ?? 1) > 1;
}

async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === "ACTIVE") return;
  }
  throw new Error(`The table ${tableName} does not become active.`);
}
