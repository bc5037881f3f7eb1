import { createHash } from "node:crypto";
import type { LimitedTry, RateLimiter } from "../../../lib/flow/rate-limiter.ts";
import type { Rows, TableRequest, Wire } from "./table.ts";

/** What is kept of a limit. */
export interface LimitRow {
  /** When the limit will be unused again: epoch microseconds. */
  readonly tat: number;
  /** Epoch seconds. */
  readonly ttl: number;
}

/** What a limiter is made of. */
export interface LimiterSettings {
  readonly rows: Rows<LimitRow>;
  readonly wire: Wire;
  /** Whether a request that is sent again knows what it has written before; it does. */
  readonly knowsOwn?: boolean;
}

/**
 * The rate limiter in memory, by the generic cell rate algorithm. One request counts a try against all
 * of its limits, or against none. It takes every limit for an unused one at first, and knows all of
 * them after a refusal.
 */
export function modelLimiter({ rows, wire, knowsOwn = true }: LimiterSettings): RateLimiter {
  return {
    admit: async (tries, now) => {
      const limits = tries.map((one) => limitOf(one, now));
      let tats = limits.map(() => 0);
      for (;;) {
        const counted = await wire(count(rows, limits, tats, knowsOwn));
        if (counted.kind === "written") return 0;
        tats = counted.tats;
        const wait = Math.max(...limits.map(({ latestUs }, index) => (tats[index] ?? 0) - latestUs));
        if (wait > 0) return wait / 1000;
      }
    },
    hashOf: async (...texts) => digestOf(texts),
  };
}

/** A limit at the moment of a try: whole microseconds. */
interface Limit {
  readonly pk: string;
  readonly nowUs: number;
  readonly intervalUs: number;
  /** The latest `tat` that still lets a try through. */
  readonly latestUs: number;
  readonly ttl: number;
}

type Counted = { readonly kind: "written" } | { readonly kind: "refused"; readonly tats: number[] };

/** One transaction. It knows itself when it is sent again: a lost reply counts nothing twice. */
function count(
  rows: Rows<LimitRow>,
  limits: readonly Limit[],
  tats: readonly number[],
  knowsOwn: boolean,
): TableRequest<Counted> {
  return {
    ...{ operation: "TransactWriteItems", purpose: "count", pk: limits.map(({ pk }) => pk).join(" ") },
    apply: (_, hasWritten = false) => {
      if (hasWritten && knowsOwn) return { kind: "written" };
      const there = limits.map(({ pk }) => rows.get(pk)?.tat);
      const isMet = limits.map((limit, index) => (there[index] ?? 0) <= bound(limit, tats[index] ?? 0));
      if (isMet.includes(false)) {
        return {
          kind: "refused",
          tats: there.map((tat, index) => (isMet[index] ? (tats[index] ?? 0) : (tat ?? 0))),
        };
      }
      for (const [index, limit] of limits.entries())
        rows.set(limit.pk, after(limit, there[index], tats[index] ?? 0));
      return { kind: "written" };
    },
  };
}

/** The latest `tat` that a change is right for, which knew of this one. */
function bound({ nowUs, latestUs }: Limit, tat: number): number {
  return tat <= nowUs ? nowUs : latestUs;
}

function after({ nowUs, intervalUs, ttl }: Limit, there: number | undefined, tat: number): LimitRow {
  const from = tat <= nowUs ? nowUs : (there ?? nowUs);
  return { tat: from + intervalUs, ttl };
}

function limitOf({ subject, limit, windowMs }: LimitedTry, now: number): Limit {
  const nowUs = now * 1000;
  const intervalUs = Math.floor((windowMs * 1000) / limit);
  const latestUs = nowUs + (limit - 1) * intervalUs;
  return { pk: limitKeyOf(subject), nowUs, intervalUs, latestUs, ttl: Math.ceil((now + windowMs) / 1000) };
}

/** The key of a limit's row, which doesn't say whom it is for. */
function limitKeyOf(subject: readonly string[]): string {
  return `limit#${digestOf(subject)}`;
}

function digestOf(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64url");
}
