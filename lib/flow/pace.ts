import type { Decision } from "./decide.ts";
import { type Flow, isPolled, pollAfter } from "./flow.ts";

/** Before a doubtful resume is asked again for the first time, and at most: milliseconds. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * A decision with the time before which PingOne is not asked the same again. The row keeps the time, and the
 * answer tells it. Two steps have one: a poll, as `pollAfter` says, and a doubtful resume.
 *
 * @param flow as the claim found it
 * @param now epoch milliseconds
 */
export function paced(decision: Decision, flow: Flow, now: number): Decision {
  switch (decision.kind) {
    case "commit":
    case "release":
      return hasPolled(decision, flow) ? { ...decision, pollAt: now + pollAfter * 1_000 } : decision;
    case "doubt":
      return pacedDoubt(decision, flow, now);
    case "expire":
      return decision;
  }
}

/** Whether PingOne has said that the push still waits. */
function hasPolled({ state }: Pick<Decision & { kind: "release" }, "state">, flow: Flow): boolean {
  return flow.claim?.step === "poll" && isPolled(flow) && state !== undefined && isPolled(state);
}

/**
 * Only a resume has a pace: it carries no credential, so it is asked again until the flow's deadline, each
 * time after twice as long.
 */
function pacedDoubt(decision: Decision & { kind: "doubt" }, flow: Flow, now: number): Decision {
  if (flow.claim?.step !== "resume") return decision;
  const told = (decision.problem.retryAfter ?? 0) * 1_000;
  const pauseMs = Math.max(told, pauseAfter(flow.resumeTries ?? 0));
  const retryAfter = Math.ceil(pauseMs / 1_000);
  return { ...decision, askAgainAt: now + pauseMs, problem: { ...decision.problem, retryAfter } };
}

/** @param tries how often the resume has been asked again so far */
function pauseAfter(tries: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** tries);
}
