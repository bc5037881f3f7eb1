import { readError, reasonsOf } from "./error-body.ts";
import type { Call } from "./responses.ts";
import type { HttpAnswer } from "./send.ts";

/**
 * PingOne limits rates by the second (docs/pingone.md §8.3): a longer wait is for something else. Seconds.
 */
const longestRateWait = 10;

/** What a detail may be about without being about a person: the first part of its target. */
const ofEverybody: readonly string[] = ["application", "client_id", "environment", "licence", "license"];

/**
 * Whether a 429 is for all our calls, whoever makes them: the limit of our address or of the tenant. It is
 * one person's where PingOne names a person, a device or a quota, or asks for a longer wait than a rate limit
 * does. A front before PingOne knows no person, and a start without a hint is about none.
 *
 * @param retryAfter how long PingOne asks to wait: seconds
 */
export function isForEverybody(answered: HttpAnswer, call: Call, retryAfter: number): boolean {
  if (call.kind === "start" && !call.spends) return true;
  const error = readError(answered);
  if (error.code === undefined) return true;
  return retryAfter <= longestRateWait && !reasonsOf(error).some(isOfPerson);
}

/** Quotas, locks and cool-downs are a person's or a device's (docs/pingone.md §7.2, §7.3, §8.5). */
function isOfPerson({ code, target, innerError = {} }: ReturnType<typeof reasonsOf>[number]): boolean {
  const about = target?.split(".")[0]?.toLowerCase();
  const { retryAfter: _, ...ofQuota } = innerError;
  return (
    code === "QUOTA_EXCEEDED" ||
    (about !== undefined && !ofEverybody.includes(about)) ||
    Object.values(ofQuota).some((told) => told !== undefined)
  );
}
