import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBServiceException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

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

/**
 * Creates the flow table on a local engine, with the key, billing and TTL attribute of the deployed one, and
 * waits until it can be used. An engine that knows no TTL goes without: the store never relies on it.
 */
export async function createFlowTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  { keys, attributes, ttlAttribute }: TableShape = flowTable,
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: attributes,
      KeySchema: keys,
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await untilActive(client, tableName);
  await client
    .send(
      new UpdateTimeToLiveCommand({
        TableName: tableName,
        TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof DynamoDBServiceException && error.name === "UnknownOperationException")) {
        throw error;
      }
    });
}

async function untilActive(client: DynamoDBDocumentClient, tableName: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === "ACTIVE") {
      return;
    }
  }
  throw new Error(`The table ${tableName} does not become active.`);
}
