import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { LimitedTry, RateLimiter } from "../flow/rate-limiter.ts";
import { assign, type Clause } from "./clauses.ts";
import type { KeyedHash } from "./keyed-hash.ts";
import { type FlowTable, flowTable, type WriteResult } from "./table.ts";

/** What a rate limiter is made of. */
export interface RateLimiterSettings {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** For one DynamoDB request with all its tries: milliseconds. */
  readonly budgetMs: number;
  readonly keyedHash: KeyedHash;
}

/**
 * Tries, counted in rows of the flow table by the generic cell rate algorithm (ITU-T I.371, annex A): the theoretical
 * arrival time `tat`, one number a row (epoch microseconds), stands for a window that slides with every try, so that one conditional write
 * both asks and counts; rows by fixed windows would let twice as many through where two meet, or cost a read. A row says when its limit will be unused again, and not whom it is for.
 */
export function createRateLimiter(settings: RateLimiterSettings): RateLimiter {
  const { client, tableName, budgetMs, keyedHash } = settings;
  const table = flowTable(client, tableName, budgetMs);
  return {
    admit: async (tries, now) => {
      const waits = await Promise.all(
        tries.map(async (one) => waitFor(table, await limitKeyOf(keyedHash, one), one, now)),
      );
      return Math.max(0, ...waits);
    },
  };
}

/** Milliseconds until the try may come; 0 when it is let through, and counted. */
async function waitFor(
  table: FlowTable,
  pk: string,
  { limit, windowMs }: LimitedTry,
  now: number,
): Promise<number> {
  // In whole microseconds, which sums keep exact.
  const nowUs = now * 1000;
  const intervalUs = Math.floor((windowMs * 1000) / limit);
  const latest = nowUs + (limit - 1) * intervalUs;
  const ttl = Math.ceil((now + windowMs) / 1000);
  const unused = await table.update(pk, {
    conditions: [isAtMost(nowUs)],
    assignments: assign({ tat: nowUs + intervalUs, ttl }),
  });
  if (unused.kind === "written") return 0;
  if (tatIn(unused) > latest) return (tatIn(unused) - latest) / 1000;
  const used = await table.update(pk, {
    conditions: [isAtMost(latest)],
    assignments: [later(nowUs, intervalUs), ...assign({ ttl })],
  });
  return used.kind === "written" ? 0 : Math.max(1, (tatIn(used) - latest) / 1000);
}

async function limitKeyOf(keyedHash: KeyedHash, { subject }: LimitedTry): Promise<string> {
  const hash = await keyedHash.of("limit", ...subject);
  return `limit#${Buffer.from(hash).toString("base64url")}`;
}

/** DynamoDB deletes a row late, and perhaps just now: one that isn't there is one that nobody uses. */
function isAtMost(time: number): Clause {
  return { text: "(attribute_not_exists(#tat) OR #tat <= :time)", values: { ":time": time } };
}

function later(nowUs: number, intervalUs: number): Clause {
  return {
    text: "#tat = if_not_exists(#tat, :now) + :interval",
    values: { ":now": nowUs, ":interval": intervalUs },
  };
}

function tatIn({ item }: WriteResult): number {
  return Number(item?.["tat"] ?? 0);
}
