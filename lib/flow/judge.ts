import type { FlowProblem } from "./errors.ts";
import type { Claim, Flow } from "./flow.ts";
import type { Answer, Found } from "./ports.ts";
import { type StepName, steps } from "./steps.ts";

/** What a request is judged by, beside the flow it found. */
export interface Judged {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly attemptLimit: number;
}

/** A problem as an answer without a token. */
export function refuse(problem: FlowProblem): Answer {
  return { reply: { kind: "problem", problem } };
}

/**
 * Why a request was refused a claim, in the order token, expiry, replay, claim, step, attempts: nobody without
 * the token learns that a flow exists.
 */
export function judgeStep(found: Found | undefined, step: StepName, { now, attemptLimit }: Judged): Answer {
  const access = judgeAccess(found, now);
  if (access.kind === "refused") return access.answer;
  const { flow } = access;
  if (flow.claim !== undefined) return refuse(claimProblem(flow.claim, now));
  if (!flow.next.includes(step)) return refuse(stepProblem(flow.status, flow.next));
  if (steps[step].countsAttempt && flow.attempts >= attemptLimit)
    return refuse({ code: "attempts-exhausted" });
  // The flow changed between the failed condition and the read of its reason: by now the claim might be won.
  return refuse({ code: "step-in-progress", retryAfter: 1 });
}

/** The outcome of {@link judgeAccess}: the flow, to the holder of its current token; otherwise what to answer. */
export type Access =
  | { readonly kind: "granted"; readonly flow: Flow }
  | { readonly kind: "refused"; readonly answer: Answer };

/** The part of the judgement that every request on a flow shares: token, expiry, replay. */
export function judgeAccess(found: Found | undefined, now: number): Access {
  if (found === undefined || found.token === "none") return refused({ code: "flow-not-found" });
  const { flow } = found;
  if (flow === undefined) return refused({ code: "restart-required" });
  if (flow.deadline <= now) return refused({ code: "flow-expired" });
  if (found.token === "current") return { kind: "granted", flow };
  if (found.replay !== undefined) return { kind: "refused", answer: found.replay };
  return refused({ code: "token-superseded" });
}

/** What a claim on the flow means to another request: it is being taken, or nobody knows how it ended. */
export function claimProblem(claim: Claim, now: number): FlowProblem {
  return isDoubtful(claim, now) ? { code: "restart-required" } : { code: "step-in-progress", retryAfter: 1 };
}

/** A claim is doubtful when its holder said so, or fell silent until its lease ended. */
export function isDoubtful(claim: Claim, now: number): boolean {
  return claim.doubtful || claim.until <= now;
}

function stepProblem(status: string, next: readonly StepName[]): FlowProblem {
  switch (status) {
    case "FAILED":
      return { code: "flow-failed" };
    case "RESTART_REQUIRED":
      return { code: "restart-required" };
    case "RESUMED":
      return { code: "wrong-step" };
    default:
      return next.length === 0 ? { code: "unsupported-step" } : { code: "wrong-step" };
  }
}

function refused(problem: FlowProblem): Access {
  return { kind: "refused", answer: refuse(problem) };
}
