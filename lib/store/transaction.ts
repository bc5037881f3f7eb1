import { randomUUID } from "node:crypto";
import { type CancellationReason, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { StoredItem } from "./item.ts";
import { type Change, expressionsOf, unlessOutage } from "./table.ts";

/** One row's part of a transaction. */
export interface RowChange extends Change {
  readonly pk: string;
}

/** What became of one row's condition in a transaction that changed nothing. */
export type ConditionResult =
  | { readonly kind: "met" }
  /** `item` is the row that didn't meet it; nothing where there is none. */
  | { readonly kind: "unmet"; readonly item: StoredItem | undefined };

/** How a transaction went. */
export type TransactionResult =
  | { readonly kind: "written" }
  /** Nothing was written. One result a change, in their order. */
  | { readonly kind: "refused"; readonly conditions: readonly ConditionResult[] }
  /** Nothing was written, since somebody else was writing one of the rows. */
  | { readonly kind: "contended" };

/**
 * Changes several rows, or none of them, in one request. Its token tells DynamoDB a request that the SDK
 * sends again from a new one, so that a lost reply changes nothing twice.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 *
 * @param changes of rows that are not the same
 * @throws StoreUnavailable as the table does
 */
export async function writeTogether(
  client: DynamoDBDocumentClient,
  tableName: string,
  changes: readonly RowChange[],
  abortSignal: AbortSignal,
): Promise<TransactionResult> {
  const command = new TransactWriteCommand({
    ClientRequestToken: randomUUID(),
    TransactItems: changes.map(({ pk, ...change }) => ({
      Update: {
        TableName: tableName,
        Key: { pk },
        ...expressionsOf(change),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    })),
  });
  try {
    await unlessOutage(() => client.send(command, { abortSignal }));
    return { kind: "written" };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return resultOf(error, error.CancellationReasons ?? []);
  }
}

/** Reasons that come from what others do at the same time. */
const contention: ReadonlySet<string | undefined> = new Set([
  "ProvisionedThroughputExceeded",
  "ThrottlingError",
  "TransactionConflict",
]);

const unmet = "ConditionalCheckFailed";

function resultOf(
  error: TransactionCanceledException,
  reasons: readonly CancellationReason[],
): TransactionResult {
  if (reasons.some(({ Code }) => contention.has(Code))) return { kind: "contended" };
  if (!reasons.some(({ Code }) => Code === unmet)) throw error;
  return {
    kind: "refused",
    conditions: reasons.map(({ Code, Item }) =>
      Code === unmet ? { kind: "unmet", item: Item && unmarshall(Item) } : { kind: "met" },
    ),
  };
}
