import type { Decision } from "./decide.ts";
import { type FlowProblem, problems } from "./problems.ts";
import type { Answer, Reply } from "./reply.ts";
import { type StepName, steps } from "./steps.ts";
import type { HeldClaim } from "./store.ts";

/** The problem, with whether an attempt was counted where its kind alone would say otherwise. */
export function withCount<Problem extends FlowProblem>(
  problem: Problem,
  attemptCounted: boolean | null,
): Problem {
  return problems[problem.error].attemptCounted === attemptCounted ? problem : { ...problem, attemptCounted };
}

/** What may be said of an attempt at a step where nobody knows whether it was counted. */
export function perhapsCounted(step: StepName): false | null {
  return steps[step].countsAttempt ? null : false;
}

/**
 * The answer to a claim that was refused when it was sent again: nobody knows whether an earlier try of it
 * has counted. An answer that was stored says what is so.
 */
export function perhaps(answer: Answer, step: StepName): Answer {
  return answer.flowToken === undefined
    ? { ...answer, reply: replyWith(answer.reply, perhapsCounted(step)) }
    : answer;
}

/**
 * A decision whose problem says whether an attempt is counted once the decision is written. The row decides
 * that, and not the kind of problem: what is committed stays counted, what is let go may be given back, and a
 * doubt leaves open what PingOne has counted.
 */
export function counted(decision: Decision, claim: HeldClaim): Decision {
  switch (decision.kind) {
    case "commit":
      return { ...decision, reply: replyWith(decision.reply, counts(claim)) };
    case "release":
      return { ...decision, reply: replyWith(decision.reply, keepsCount(claim, decision.attemptReturned)) };
    case "doubt":
      return { ...decision, problem: withCount(decision.problem, uncertain(claim)) };
    case "expire":
      return decision;
  }
}

/**
 * Whether an attempt stays counted where a claim is let go. A claim gives back only what it has counted
 * itself.
 */
export function keepsCount(claim: HeldClaim, attemptReturned: boolean): boolean {
  return counts(claim) && !(attemptReturned && claim.hasCounted);
}

/** What may be said of the attempt at the step of a claim where the write that ends it is lost. */
export function uncertain({ flow }: HeldClaim): false | null {
  return flow.claim?.step === undefined ? false : perhapsCounted(flow.claim.step);
}

/** A reply with what is said of an attempt. */
export function replyWith<One extends Reply>(reply: One, attemptCounted: boolean | null): One {
  return reply.kind === "problem" ? { ...reply, problem: withCount(reply.problem, attemptCounted) } : reply;
}

/** Whether the step of a claim is counted, by that claim or by the one whose doubt it settles. */
function counts({ flow }: HeldClaim): boolean {
  return flow.claim?.step !== undefined && steps[flow.claim.step].countsAttempt;
}
