import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { isOutage } from "../aws/outage.ts";
import { StoreUnavailable } from "../flow/store.ts";
import { absent, bindingsOf, type Clause, either, every, updateOf } from "./clauses.ts";
import type { Row, StoredItem } from "./item.ts";

/** How a conditional write went. */
export type WriteResult =
  | { readonly kind: "written"; readonly item: StoredItem | undefined }
  | {
      readonly kind: "refused";
      /** The row that didn't meet the condition; nothing when there is none. */
      readonly item: StoredItem | undefined;
      /** How often the request was sent: a second try can meet what the first one wrote. */
      readonly tries: number;
    };

/** What an update does when its conditions hold. */
export interface Change {
  readonly conditions: readonly Clause[];
  readonly assignments: readonly Clause[];
  readonly removals?: readonly string[];
}

/**
 * The flow table: one request a call, and one more read after a failed condition where the engine didn't
 * bring the row. Throws {@link StoreUnavailable} for time-outs, broken connections, throttling and DynamoDB's
 * own failures; anything else, such as an invalid request or a missing right, comes through as it is.
 */
export interface FlowTable {
  /** One consistent read. */
  get(pk: string): Promise<StoredItem | undefined>;
  /** Puts a row where there is none, or where the one that is there meets this. */
  put(pk: string, row: Row, over?: Clause): Promise<WriteResult>;
  /** Gives the row as it is after the change. */
  update(pk: string, change: Change): Promise<WriteResult>;
  /** Gives the row as it was. */
  delete(pk: string, conditions: readonly Clause[]): Promise<WriteResult>;
}

/**
 * The flow table of that name; `budgetMs` is for one request with all its tries, to the last
 * byte of the reply.
 */
export function flowTable(client: DynamoDBDocumentClient, tableName: string, budgetMs: number): FlowTable {
  // The client's own time-outs start anew with every byte: a trickling reply would outlive them.
  const within = () => ({ abortSignal: AbortSignal.timeout(budgetMs) });
  const target = { TableName: tableName, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

  const get = async (pk: string) => {
    const read = new GetCommand({ TableName: tableName, Key: { pk }, ConsistentRead: true });
    return (await unlessOutage(() => client.send(read, within()))).Item;
  };

  const conditional = async (
    pk: string,
    send: () => Promise<{ readonly Attributes?: StoredItem | undefined }>,
  ): Promise<WriteResult> => {
    try {
      return { kind: "written", item: (await unlessOutage(send)).Attributes };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The document client leaves this item marshalled.
      const item = error.Item ? unmarshall(error.Item) : await get(pk);
      return { kind: "refused", item, tries: error.$metadata.attempts ?? 1 };
    }
  };

  return {
    get,

    put(pk, row, over) {
      const conditions = [over === undefined ? absent() : either(absent(), over)];
      const command = new PutCommand({
        ...target,
        Item: { pk, ...row },
        ConditionExpression: every(conditions),
        ...bindingsOf(conditions),
      });
      return conditional(pk, () => client.send(command, within()));
    },

    update(pk, change) {
      const command = new UpdateCommand({
        ...target,
        Key: { pk },
        ...expressionsOf(change),
        ReturnValues: "ALL_NEW",
      });
      return conditional(pk, () => client.send(command, within()));
    },

    delete(pk, conditions) {
      const command = new DeleteCommand({
        ...target,
        Key: { pk },
        ConditionExpression: every(conditions),
        ...bindingsOf(conditions),
        ReturnValues: "ALL_OLD",
      });
      return conditional(pk, () => client.send(command, within()));
    },
  };
}

/** An update as its expressions, with what they name. */
export function expressionsOf({ conditions, assignments, removals = [] }: Change) {
  return {
    ConditionExpression: every(conditions),
    UpdateExpression: updateOf(assignments, removals),
    ...bindingsOf([...conditions, ...assignments], removals),
  };
}

/** What DynamoDB answers. @throws StoreUnavailable where it didn't, or not in time */
export async function unlessOutage<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw isOutage(error)
      ? new StoreUnavailable("DynamoDB did not answer in time.", { cause: error })
      : error;
  }
}
