import type { Decision } from "./decide.ts";
import type { Flow } from "./flow.ts";

/** Before a doubtful resume is asked again for the first time, and at most: milliseconds. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * A doubt with the time before which it may not be settled. Only a resume has one: it carries no credential,
 * so it is asked again until the flow's deadline, each time after twice as long. The row keeps the time, and
 * the answer tells it.
 *
 * @param flow as the claim found it
 * @param now epoch milliseconds
 */
export function paced(decision: Decision, flow: Flow, now: number): Decision {
  if (decision.kind !== "doubt" || flow.claim?.step !== "resume") return decision;
  const told = (decision.problem.retryAfter ?? 0) * 1_000;
  const pauseMs = Math.max(told, pauseAfter(flow.resumeTries ?? 0));
  const retryAfter = Math.ceil(pauseMs / 1_000);
  return { ...decision, askAgainAt: now + pauseMs, problem: { ...decision.problem, retryAfter } };
}

/** @param tries how often the resume has been asked again so far */
function pauseAfter(tries: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** tries);
}
