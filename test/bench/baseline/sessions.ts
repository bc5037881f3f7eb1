import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Session } from "./pingone.ts";

/** Where sessions are kept between two requests. */
export interface Sessions {
  put(id: string, session: Session): Promise<void>;
  /** Before PingOne is asked. */
  take(id: string): Promise<Session>;
  /** Counts a name and a network. */
  count(name: string, network: string): Promise<void>;
  /** After PingOne has answered. */
  keep(id: string, session: Session): Promise<void>;
}

/** In this process: what a demonstration does. */
export function inMemory(): Sessions {
  const kept = new Map<string, Session>();
  const counts = new Map<string, number>();
  return {
    put: async (id, session) => void kept.set(id, session),
    take: async (id) => {
      const session = kept.get(id);
      if (session === undefined) throw new Error("There is no such session.");
      return session;
    },
    count: async (...subjects) => {
      for (const subject of subjects) counts.set(subject, (counts.get(subject) ?? 0) + 1);
    },
    keep: async (id, session) => void kept.set(id, session),
  };
}

/** In a table, by as many writes as ours: no condition, no seal, no token that changes. */
export function inTable(tableName: string): Sessions {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const keyed = (pk: string) => ({ TableName: tableName, Key: { pk } });
  const ttl = () => Math.ceil(Date.now() / 1000) + 900;
  return {
    put: async (id, session) => {
      await client.send(new PutCommand({ TableName: tableName, Item: { pk: id, ttl: ttl(), session } }));
    },
    take: async (id) => {
      const { Attributes } = await client.send(
        new UpdateCommand({
          ...keyed(id),
          UpdateExpression: "SET #seenAt = :now",
          ExpressionAttributeNames: { "#seenAt": "seenAt" },
          ExpressionAttributeValues: { ":now": Date.now() },
          ReturnValues: "ALL_NEW",
        }),
      );
      const session: Session | undefined = Attributes?.["session"];
      if (session === undefined) throw new Error("There is no such session.");
      return session;
    },
    count: async (...subjects) => {
      await client.send(
        new TransactWriteCommand({
          TransactItems: subjects.map((subject) => ({
            Update: {
              ...keyed(`count#${subject}`),
              UpdateExpression: "ADD #tries :one SET #ttl = :ttl",
              ExpressionAttributeNames: { "#tries": "tries", "#ttl": "ttl" },
              ExpressionAttributeValues: { ":one": 1, ":ttl": ttl() },
            },
          })),
        }),
      );
    },
    keep: async (id, session) => {
      await client.send(
        new UpdateCommand({
          ...keyed(id),
          UpdateExpression: "SET #session = :session, #ttl = :ttl",
          ExpressionAttributeNames: { "#session": "session", "#ttl": "ttl" },
          ExpressionAttributeValues: { ":session": session, ":ttl": ttl() },
          ReturnValues: "ALL_NEW",
        }),
      );
    },
  };
}
