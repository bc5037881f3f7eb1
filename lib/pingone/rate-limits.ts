import { readError, reasonsOf } from "./refusals.ts";
import type { Call } from "./responses.ts";
import type { HttpAnswer } from "./send.ts";

/** PingOne's rate limits are by the second (docs/pingone.md §8.3): a wait above this is for something else. Seconds. */
const longestRateWait = 10;

/** What a detail may be about without being about a person: the first part of its target. */
const ofEverybody: readonly string[] = ["application", "client_id", "environment", "licence", "license"];

/**
 * Whether a 429 is for all our calls, whoever makes them: the limit of our address or of the tenant. Where PingOne
 * says that it is one person's, or asks for a longer wait than a rate limit does, nobody else is refused meanwhile. A
 * front before PingOne knows our address and no person, and a start without a hint is nobody's.
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
