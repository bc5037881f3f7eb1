import type { UpstreamAnswer } from "../flow/provider.ts";
import { readError } from "./error-body.ts";
import { throttled } from "./refusals.ts";
import type { HttpAnswer } from "./send.ts";

/**
 * Reads what sign-off answered: a page, or a redirect to one that is not followed (docs/pingone.md §6.5).
 *
 * @param now our time, epoch milliseconds, used where PingOne sent no `Date`
 */
export function readSignOffAnswer(answered: HttpAnswer, now: number): UpstreamAnswer {
  const { status } = answered;
  if (status >= 200 && status < 400) return { kind: "signed-out" };
  if (status >= 500) return { kind: "doubtful" };
  return throttled(answered, readError(answered), now) ?? { kind: "refused" };
}
