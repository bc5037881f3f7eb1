import { type AttemptLimits, type Flow, hasAttemptFor, type KnownClaim, resumed } from "./flow.ts";
import type { FlowProblem } from "./problems.ts";
import type { Answer } from "./reply.ts";
import { requestable, type StepName } from "./steps.ts";
import type { FlowRecord } from "./store.ts";

/** What a request is judged by, beside the flow it found. */
export interface JudgementBasis {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly limits: AttemptLimits;
}

/** A problem as an answer without a token. */
export function refuse(problem: FlowProblem): Answer {
  return { reply: { kind: "problem", problem } };
}

/**
 * Why a request was refused a claim, in the order token, expiry, replay, claim, step, attempts: nobody
 * without the token learns that a flow exists.
 */
export function judgeStep(
  found: FlowRecord | undefined,
  step: StepName,
  { now, limits }: JudgementBasis,
): Answer {
  const access = judgeAccess(found, now);
  if (access.kind === "refused") return access.answer;
  const { flow } = access;
  if (flow.claim !== undefined) return refuse(inProgress);
  if (!flow.next.includes(step)) return refuse(stepProblem(flow.status, flow.next));
  if (!hasAttemptFor(step, flow, limits)) return refuse({ error: "attempts-exhausted" });
  // The flow changed between the failed condition and the read of its reason: by now the claim might be won.
  return refuse(inProgress);
}

/**
 * The outcome of {@link judgeAccess}: the flow, to the holder of its current token; otherwise what to answer.
 */
export type Access =
  | { readonly kind: "granted"; readonly flow: Flow }
  | { readonly kind: "refused"; readonly answer: Answer };

/** The part of the judgement that every request on a flow shares: token, expiry, replay. */
export function judgeAccess(found: FlowRecord | undefined, now: number): Access {
  if (found === undefined || found.token === "none") return refused({ error: "flow-not-found" });
  const { flow } = found;
  if (flow === undefined) return refused({ error: "restart-required" });
  if (flow.deadline <= now || flow.status === "EXPIRED") return refused({ error: "flow-expired" });
  if (found.token === "current") return { kind: "granted", flow };
  if (found.replay !== undefined) return { kind: "refused", answer: found.replay };
  return refused({ error: "token-superseded" });
}

/** A step that nobody knows the outcome of. */
export interface Doubt {
  readonly claim: KnownClaim;
  /** When it may be settled: epoch milliseconds. */
  readonly settleAt: number;
}

/**
 * The doubt that waits to be settled, if there is one that this asker may settle: the holder of a claim said
 * that it is doubtful, or fell silent until its lease ended.
 */
export function doubtIn(found: FlowRecord | undefined, now: number): Doubt | undefined {
  if (found?.token !== "current" || found.flow === undefined || found.flow.deadline <= now) return undefined;
  const { claim, resumeAt = 0 } = found.flow;
  if (claim?.step === undefined || !(claim.doubtful || claim.until <= now)) return undefined;
  const { step } = claim;
  return { claim: { ...claim, step }, settleAt: step === "resume" ? resumeAt : 0 };
}

/** Another request is at work on the flow. */
export const inProgress: FlowProblem = { error: "step-in-progress", retryAfter: 1 };

/** The problem that a flow has ended with, if it has. */
export function endProblem(status: string): FlowProblem | undefined {
  switch (status) {
    case "EXPIRED":
      return { error: "flow-expired" };
    case "FAILED":
      return { error: "flow-failed" };
    case "RESTART_REQUIRED":
      return { error: "restart-required" };
    case "UNSUPPORTED":
      return { error: "unsupported-step" };
    default:
      return undefined;
  }
}

function stepProblem(status: string, next: readonly StepName[]): FlowProblem {
  const ended = endProblem(status);
  if (ended !== undefined) return ended;
  return next.length === 0 && status !== resumed
    ? { error: "unsupported-step" }
    : { error: "wrong-step", next: requestable(next) };
}

function refused(problem: FlowProblem): Access {
  return { kind: "refused", answer: refuse(problem) };
}
