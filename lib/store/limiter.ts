import { setTimeout as pause } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { LimitedTry, RateLimiter } from "../flow/rate-limiter.ts";
import { StoreUnavailable } from "../flow/store.ts";
import { assign, type Clause } from "./clauses.ts";
import type { KeyedHash } from "./keyed-hash.ts";
import { type ConditionResult, type RowChange, writeTogether } from "./transaction.ts";

/** What a rate limiter is made of. */
export interface RateLimiterSettings {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** For all that one try takes: milliseconds. */
  readonly budgetMs: number;
  readonly keyedHash: KeyedHash;
}

/** Transactions for one try, where others count in the same rows at the same moment. */
const mostTransactions = 6;
/** What to wait for the others, at least and at most: milliseconds. */
const shortestPauseMs = 5;
const longestPauseMs = 40;

/**
 * Tries, counted in rows of the flow table by the generic cell rate algorithm (ITU-T I.371, annex A): the
 * theoretical arrival time `tat`, one number a row (epoch microseconds), stands for a window that slides with
 * every try, so that one conditional write both asks and counts. Rows by fixed windows would let twice as
 * many through where two meet. A row says when its limit will be unused again, and not whom it is for.
 *
 * The limits of a try are counted together in one transaction, or none of them is. It takes every limit for
 * an unused one at first; where one is in use, the refusal brings its row, and a second transaction knows all
 * of them.
 */
export function createRateLimiter({
  client,
  tableName,
  budgetMs,
  keyedHash,
}: RateLimiterSettings): RateLimiter {
  return {
    admit: async (tries, now) => {
      const abortSignal = AbortSignal.timeout(budgetMs);
      const write: Write = (changes) => writeTogether(client, tableName, changes, abortSignal);
      const limits = await Promise.all(tries.map((one) => limitOf(keyedHash, one, now)));
      return admitted(limits, write);
    },
    hashOf: async (...texts) => base64url(await keyedHash.of(...texts)),
  };
}

type Write = (changes: readonly RowChange[]) => ReturnType<typeof writeTogether>;

/** A limit at the moment of a try. Times are whole microseconds, which sums keep exact. */
interface Limit {
  readonly pk: string;
  readonly nowUs: number;
  readonly intervalUs: number;
  /** The latest `tat` that still lets a try through. */
  readonly latestUs: number;
  /** Epoch seconds. */
  readonly ttl: number;
}

/** Milliseconds until the try may come; 0 when all its limits let it through, and have counted it. */
async function admitted(limits: readonly Limit[], write: Write): Promise<number> {
  let tats = limits.map(() => 0);
  for (let sent = 0; sent < mostTransactions; sent += 1) {
    const result = await write(limits.map((limit, index) => changeOf(limit, tats[index] ?? 0)));
    if (result.kind === "written") return 0;
    if (result.kind === "contended") {
      await pause(pauseBefore(sent));
      continue;
    }
    tats = tats.map((tat, index) => tatAfter(result.conditions[index], tat));
    const wait = Math.max(...limits.map((limit, index) => waitFor(limit, tats[index] ?? 0)));
    if (wait > 0) return wait;
  }
  throw new StoreUnavailable("Others have counted all the time.");
}

function changeOf({ pk, nowUs, intervalUs, latestUs, ttl }: Limit, tat: number): RowChange {
  return tat <= nowUs
    ? { pk, conditions: [isAtMost(nowUs)], assignments: assign({ tat: nowUs + intervalUs, ttl }) }
    : { pk, conditions: [isAtMost(latestUs)], assignments: [later(nowUs, intervalUs), ...assign({ ttl })] };
}

function tatAfter(condition: ConditionResult | undefined, before: number): number {
  return condition?.kind === "unmet" ? Number(condition.item?.["tat"] ?? 0) : before;
}

function waitFor({ latestUs }: Limit, tat: number): number {
  return Math.max(0, (tat - latestUs) / 1000);
}

/** Longer each time, and by chance, so that the same ones don't meet again. */
function pauseBefore(sent: number): number {
  return shortestPauseMs + Math.random() * Math.min(longestPauseMs, shortestPauseMs * 2 ** sent);
}

async function limitOf(
  keyedHash: KeyedHash,
  { subject, limit, windowMs }: LimitedTry,
  now: number,
): Promise<Limit> {
  const hash = base64url(await keyedHash.of("limit", ...subject));
  const nowUs = now * 1000;
  const intervalUs = Math.floor((windowMs * 1000) / limit);
  return {
    pk: `limit#${hash}`,
    nowUs,
    intervalUs,
    latestUs: nowUs + (limit - 1) * intervalUs,
    ttl: Math.ceil((now + windowMs) / 1000),
  };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
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
