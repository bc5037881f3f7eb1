import type { Answer, Authorization, FlowView, Problem } from "./view.ts";

/** A request. It is repeated as it is, and with the token that it had. */
export interface Request {
  readonly kind: "start" | "read" | "step" | "cancel";
  readonly method: "DELETE" | "GET" | "POST";
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** None where the browser has it. */
  readonly token?: string;
  readonly idempotencyKey?: string;
  /** With a newer token it would be another try. */
  readonly isOnce: boolean;
}

/** How far a request has got. */
export interface Situation {
  /** What was asked for. */
  readonly about: Request;
  /** What was sent last: the same, or a read that is to settle it. */
  readonly isRead: boolean;
  /** How often anything was sent for it. */
  readonly sends: number;
  /** Whether it may have been taken without our having learnt so. */
  readonly isUnsure: boolean;
  /** Why it got nowhere, as far as that is known already. */
  readonly problem?: Problem;
  /** Whether the browser keeps the token: nobody sees then whether an answer brought one. */
  readonly byCookie: boolean;
  /** Where the flow stood before. */
  readonly status: string | undefined;
  /** Whether an earlier request was given up without its answer. */
  readonly hasMissed: boolean;
}

/** What a request has come to. */
export type Outcome =
  /** The flow has come to stand there. `isMissed`: the request may still be taken, and is then looked for. */
  | {
      readonly kind: "show";
      readonly view: FlowView & Partial<Authorization>;
      readonly problem?: Problem | undefined;
      readonly isMissed?: boolean;
    }
  /** The flow stands where it stood. */
  | { readonly kind: "keep"; readonly problem: Problem }
  | { readonly kind: "end"; readonly error: string; readonly problem?: Problem | undefined }
  /** There is no answer for now. */
  | { readonly kind: "unanswered"; readonly problem?: Problem | undefined };

/** What to do next: nothing more, or send the request itself, a read, or the request given up before. */
type Move =
  | Outcome
  | { readonly kind: "send"; readonly what: "itself" | "read" | "missed"; readonly afterMs: number };

/** How often anything is sent for one request before the person is asked. */
const mostSends = 8;
/** How long the person is kept waiting between two of them: milliseconds. */
const longestPauseMs = 30_000;

/** What was answered may be the answer to another request: this is told where nobody can know. */
const replyLost: Problem = { error: "reply-lost", flowEnded: false, retryable: false, attemptCounted: null };

/**
 * What a client does next: docs/client.md, as a function.
 *
 * @param answer nothing where none came, or only part of one
 */
export function moveAfter(answer: Answer | undefined, situation: Situation): Move {
  const move = moveOf(answer, situation);
  if (move.kind !== "send") return move;
  if (situation.sends < mostSends && move.afterMs <= longestPauseMs) return move;
  if (answer?.kind === "view" && situation.about.kind === "read") return { kind: "show", view: answer.view };
  const problem = answer?.kind === "problem" ? answer.problem : undefined;
  return problem === undefined || situation.isUnsure || isOpen(problem)
    ? { kind: "unanswered", problem }
    : { kind: "keep", problem };
}

/** Whether an answer leaves open what became of the request. */
export function leavesOpen(answer: Answer | undefined): boolean {
  return (
    answer === undefined ||
    answer.kind === "unreadable" ||
    (answer.kind === "problem" && isOpen(answer.problem))
  );
}

function isOpen({ error }: Problem): boolean {
  return error === "outcome-unknown" || error === "internal" || error === "step-in-progress";
}

function moveOf(answer: Answer | undefined, situation: Situation): Move {
  switch (answer?.kind) {
    case undefined:
      return isRepeatable(situation) ? again("itself", situation) : again("read", situation);
    case "unreadable":
      return inDoubt(situation);
    case "cancelled":
      return { kind: "end", error: "cancelled" };
    case "problem":
      return afterProblem(answer.problem, situation);
    case "view":
      return afterView(answer.view, situation);
  }
}

/** Whether the request can be sent again without anybody knowing whether its answer has brought a token. */
function isRepeatable({ about, byCookie }: Situation): boolean {
  return !(byCookie && about.isOnce);
}

function afterProblem(problem: Problem, situation: Situation): Move {
  const { error, flow, flowEnded, retryAfter } = problem;
  if (flow !== undefined) return { kind: "show", view: flow, problem };
  if (error === "outcome-unknown" || error === "internal") return inDoubt(situation, retryAfter);
  if (error === "token-superseded") return afterSuperseded(problem, situation);
  if (flowEnded) return { kind: "end", error: isCancel(situation) ? "cancelled" : error, problem };
  return afterRefusal(problem, situation);
}

function isCancel({ about }: Situation): boolean {
  return about.kind === "cancel";
}

/** Nothing was taken up. */
function afterRefusal(problem: Problem, situation: Situation): Move {
  if (problem.retryable) return again(situation.isRead ? "read" : "itself", situation, problem.retryAfter);
  return problem.error === "wrong-step" ? again("read", situation, 0) : { kind: "keep", problem };
}

/** PingOne may have acted: a read finds out. A start has no flow to read; it is repeated under its key. */
function inDoubt(situation: Situation, retryAfter?: number): Move {
  return again(situation.about.kind === "start" ? "itself" : "read", situation, retryAfter);
}

/** Something was committed under this token: the request that did it has the answer. */
function afterSuperseded(problem: Problem, { isRead, about, hasMissed }: Situation): Move {
  if (isRead && about.kind === "step") return { kind: "send", what: "itself", afterMs: 0 };
  if (hasMissed) return { kind: "send", what: "missed", afterMs: 0 };
  return { kind: "end", error: problem.error, problem };
}

function afterView(view: FlowView & Partial<Authorization>, situation: Situation): Move {
  const { about, isRead, byCookie, problem, isUnsure } = situation;
  if (view.pending !== undefined) return again("read", situation);
  const isSettling = isRead && about.kind === "step" && isUnsure;
  if (!isSettling || view.settled !== undefined) return { kind: "show", view, problem };
  if (byCookie) return afterReadByCookie(view, situation);
  // What brings a token is the outcome. Without one the request has left no trace.
  return view.flowToken === undefined ? { kind: "send", what: "itself", afterMs: 0 } : { kind: "show", view };
}

/** Nobody sees whether the read has brought a token: the request was taken, or never came. */
function afterReadByCookie(view: FlowView & Partial<Authorization>, situation: Situation): Move {
  if (view.code === undefined && isRepeatable(situation)) return again("itself", situation);
  const isMissed = view.status === situation.status;
  return isMissed ? { kind: "show", view, problem: replyLost, isMissed } : { kind: "show", view };
}

/** @param retryAfter seconds; without it, longer from one time to the next */
function again(what: "itself" | "read", { sends }: Situation, retryAfter?: number): Move {
  const afterMs = retryAfter === undefined ? 250 * 2 ** Math.min(sends - 1, 4) : retryAfter * 1_000;
  return { kind: "send", what, afterMs };
}
