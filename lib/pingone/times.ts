import { idleLimitMs } from "../flow/lifetime.ts";
import type { HttpAnswer } from "./send.ts";

/** Times are epoch milliseconds, and waits whole seconds, unless a name says otherwise. */
const dayMs = 24 * 60 * 60 * 1000;
const dayS = dayMs / 1000;

/** The longest form of a date has 33 characters (RFC 9110 §5.6.7); dates of two headers in one have more. */
const maxDateLength = 40;
/**
 * Every answer moves a flow's end on by 15 minutes (docs/pingone.md §8.1). One that is nearer than this, or
 * further than a day, is not the end.
 */
const leastLifeMs = 10_000;
/** A number from this on is a time in seconds: that of 2001. */
const leastSeconds = 1e9;
/** A number from this on is a time in milliseconds: that of 1973, and in seconds that of the year 5138. */
const leastMilliseconds = 1e11;

/** The longest wait we pass on for a rate limit. */
const maxRetryAfter = 3600;
/** The longest wait we pass on for a lock by passwords, which lasts as long as a tenant likes. */
const maxUnlockAfter = 30 * dayS;
/** The longest wait we pass on for a device: limits of messages are by the day (docs/pingone.md §8.5). */
const maxCoolDown = dayS;
/** Where a lock is said to end, but not when: PingOne's own cool-down (docs/pingone.md §8.2). */
const usualCoolDown = 120;

/**
 * PingOne's own time of an answer, from its `Date` header; ours where there is none, or none within a day of
 * ours.
 *
 * @param now our time
 */
export function serverTime(headers: HttpAnswer["headers"], now: number): number {
  const date = httpDate(headers["date"] ?? "");
  return Math.abs(date - now) <= dayMs ? date : now;
}

/** When a flow ends, and how long that is from PingOne's time on. */
export interface FlowEnd {
  /** In the one spelling that every client's parser takes: UTC, with milliseconds (RFC 3339). */
  readonly expiresAt: string;
  readonly lifetimeMs: number;
}

/**
 * When a flow ends; where PingOne says nothing of it, or nothing that can be, by its idle limit.
 *
 * @param expiresAt PingOne's own text, in ISO 8601
 * @param at PingOne's time
 */
export function flowEnd(expiresAt: string | undefined, at: number): FlowEnd {
  const told = Date.parse(expiresAt ?? "") - at;
  const lifetimeMs = told >= leastLifeMs && told <= dayMs ? told : idleLimitMs;
  return { expiresAt: new Date(at + lifetimeMs).toISOString(), lifetimeMs };
}

/** What an error says of the end of a limit. */
interface LimitEnd {
  readonly retryAfter?: unknown;
  readonly quotaResetTime?: unknown;
}

/**
 * How long a rate limit lasts: by `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), else by the body,
 * else a second; an hour at most, and a day for a quota.
 *
 * @param inBody what the error says of it
 */
export function rateLimitWait({ headers }: HttpAnswer, inBody: LimitEnd, now: number): number {
  const header = headers["retry-after"] ?? "";
  const at = serverTime(headers, now);
  const date = (httpDate(header) - at) / 1000;
  const told = numberIn(header) ?? (Number.isNaN(date) ? numberIn(inBody.retryAfter) : date);
  const quotaEnd = timeIn(inBody.quotaResetTime);
  if (told === undefined && quotaEnd !== undefined) return within(maxCoolDown, (quotaEnd - at) / 1000);
  return within(maxRetryAfter, told ?? 1);
}

/**
 * How long an account is locked. Nothing where nothing is said of it: then an administrator has to act
 * (docs/pingone.md §7.3), which no senseless number may mean.
 */
export function unlockWait(secondsUntilUnlock: unknown): number | undefined {
  return isTold(secondsUntilUnlock)
    ? within(maxUnlockAfter, numberIn(secondsUntilUnlock) ?? usualCoolDown)
    : undefined;
}

/**
 * How long a device cools down. Nothing where nothing is said of it, or 0: there is no end to show
 * (docs/pingone.md §7.3).
 *
 * @param coolDownExpiresAt a time, in milliseconds, in seconds, or as text
 * @param at PingOne's time
 */
export function coolDownWait(coolDownExpiresAt: unknown, at: number): number | undefined {
  if (!isTold(coolDownExpiresAt) || numberIn(coolDownExpiresAt) === 0) return undefined;
  const until = timeIn(coolDownExpiresAt);
  return within(maxCoolDown, until === undefined ? usualCoolDown : (until - at) / 1000);
}

function isTold(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A number that is one or says one, as large as it likes; a negative one says nothing. */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && number >= 0 ? number : undefined;
}

function timeIn(value: unknown): number | undefined {
  const number = numberIn(value) ?? dateIn(value);
  if (number >= leastMilliseconds) return number;
  return number >= leastSeconds ? number * 1000 : undefined;
}

/** Whole seconds from one on. */
function within(most: number, wait: number): number {
  return Math.min(most, Math.max(1, Math.ceil(wait)));
}

/** The date of a header (RFC 9110 §5.6.7), or `NaN`: a number alone is none. */
function httpDate(text: string): number {
  return /^[A-Z]/i.test(text) ? dateIn(text) : Number.NaN;
}

function dateIn(value: unknown): number {
  return typeof value === "string" && value.length <= maxDateLength ? Date.parse(value) : Number.NaN;
}
