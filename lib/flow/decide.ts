import type { Application } from "./application.ts";
import { type Flow, type FlowState, nextSteps, resumed, viewOf } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { longestLifeMs } from "./lifetime.ts";
import type { FlowProblem } from "./problems.ts";
import type { Refusal, UpstreamAnswer, UpstreamFlow, UpstreamReply } from "./provider.ts";
import type { KeptReply } from "./reply.ts";
import { isFor, isLostWithAnswer, type StepName, steps } from "./steps.ts";
import type { Commit, DoubtOptions, Release } from "./store.ts";
import type { Tokens } from "./tokens.ts";

/** PingOne's `Date` is in whole seconds, and its answer travels: we stop this much earlier than it does. */
const expiryMarginMs = 2_000;
/** How long the code can be fetched again after resume. */
const resumedLifeMs = 60_000;

/** What to write after the call to PingOne, and what to answer. */
export type Decision =
  | ({ readonly kind: "commit" } & Commit)
  | ({ readonly kind: "release"; readonly reply: KeptReply } & Release)
  | ({ readonly kind: "doubt"; readonly jar: Jar; readonly problem: DoubtProblem } & DoubtOptions)
  | { readonly kind: "expire" };

/** What is answered while nobody knows what became of a step. */
type DoubtProblem = Extract<
  FlowProblem,
  { error: "outcome-unknown" | "rate-limited" | "upstream-unavailable" }
>;

/** What a decision is taken on. */
export interface DecisionInput {
  readonly step: StepName;
  readonly flow: Flow;
  readonly application: Application;
  readonly upstream: UpstreamReply;
  /** What it means that PingOne ends the flow and gives no reason that we know. */
  readonly unexplained?: FlowProblem | undefined;
  /** When PingOne's answer arrived: epoch milliseconds. */
  readonly now: number;
}

/** The transition of a flow by one answer of PingOne. */
export function decide(input: DecisionInput): Decision {
  const { flow, upstream } = input;
  const { answer, jar } = upstream;
  switch (answer.kind) {
    case "flow":
      return moved(input, answer.flow);
    case "failed":
    case "locked":
    case "rate-limited":
    case "rejected":
      return refusedFor({ ...input, jar }, answer);
    case "authorized":
      return authorized(input, answer.code);
    case "redeemed":
      return redeemed(input, answer.tokens);
    case "denied":
      return ended(flow, "FAILED", jar, { error: "flow-failed" });
    case "signed-out":
      return ended(flow, "RESTART_REQUIRED", jar, { error: "restart-required" });
    case "unsupported":
      return ended(flow, "UNSUPPORTED", jar, { error: "unsupported-step" });
    case "gone":
      return { kind: "expire" };
    case "refused":
    case "unsent":
      return release(jar, { error: "upstream-unavailable" }, true);
    case "doubtful":
      return isLostWithAnswer(input.step)
        ? abandon(flow, jar)
        : { kind: "doubt", jar, problem: { error: "outcome-unknown" } };
  }
}

/** What settling has learned of a doubtful step. */
export interface SettledInput {
  readonly step: StepName;
  readonly flow: Flow;
  readonly jar: Jar;
  /** Epoch milliseconds. */
  readonly now: number;
  /** PingOne's answer to the read. */
  readonly answer: UpstreamAnswer;
}

/**
 * The transition of a doubtful flow by one read. An unchanged status shows no progress: as far as a read can
 * know, PingOne has not acted. The attempt stays counted, and the person may try again. A changed one is
 * adopted. `COMPLETED` is adopted as well, though its session cookie may have been lost with the answer:
 * resume finds that out, so that each claim makes one call.
 */
export function decideSettled({ step, flow, jar, now, answer }: SettledInput): Decision {
  switch (answer.kind) {
    case "flow":
      return answer.flow.status === flow.status
        ? unmoved(flow, answer.flow, jar, now)
        : adopted(flow, answer.flow, jar, now);
    case "gone":
    case "signed-out":
      return ended(flow, "RESTART_REQUIRED", jar, { error: "restart-required" });
    case "unsupported":
      return ended(flow, "UNSUPPORTED", jar, { error: "unsupported-step" });
    case "denied":
      return ended(flow, "FAILED", jar, { error: "flow-failed" });
    case "rate-limited":
      if (answer.flow?.status === "FAILED") return refusedFor({ step, flow, jar, now }, answer);
      return { kind: "doubt", jar, problem: { error: "rate-limited", retryAfter: answer.retryAfter } };
    case "failed":
    case "locked":
    case "rejected":
      return refusedFor({ step, flow, jar, now }, answer);
    case "authorized":
    case "redeemed":
    case "doubtful":
      return { kind: "doubt", jar, problem: { error: "outcome-unknown" } };
    case "refused":
    case "unsent":
      return { kind: "doubt", jar, problem: { error: "upstream-unavailable" } };
  }
}

/**
 * The transition of a flow whose doubtful resume was asked of PingOne again. Where it was proved not to have
 * been, the doubt stays as it was; a flow that PingOne has forgotten is lost.
 */
export function decideAskedAgain(input: DecisionInput): Decision {
  const { flow, upstream } = input;
  const { answer, jar } = upstream;
  switch (answer.kind) {
    case "gone":
      return ended(flow, "RESTART_REQUIRED", jar, { error: "restart-required" });
    case "rate-limited":
      return {
        kind: "doubt",
        jar,
        problem: { error: "rate-limited", retryAfter: answer.retryAfter },
      };
    case "refused":
    case "unsent":
      return { kind: "doubt", jar, problem: { error: "upstream-unavailable" } };
    default:
      return decide(input);
  }
}

/** The state of a flow as PingOne describes it, with the deadline we hold ourselves to. */
export function stateOf(upstream: UpstreamFlow, createdAt: number, now: number): FlowState {
  return {
    status: upstream.status,
    next: nextSteps(upstream.status, upstream.actions, upstream.details),
    details: upstream.details,
    deadline: Math.min(now + upstream.lifetimeMs - expiryMarginMs, createdAt + longestLifeMs),
    // Until then it is the person named, not the one who has signed on.
    userId: upstream.status === "COMPLETED" ? upstream.userId : undefined,
  };
}

/**
 * What a refusal means to the client of a step. Whether the flow has ended is the flow's to say, whatever the
 * reason.
 *
 * @param unexplained what it means that no reason was given that we know
 */
export function reasonProblem(
  step: StepName,
  answer: Refusal,
  unexplained: FlowProblem | undefined = steps[step].unexplained?.({}),
): FlowProblem {
  switch (answer.kind) {
    case "rejected":
      return steps[step].rejection(answer);
    case "locked":
      return { error: "locked-out", retryAfter: answer.retryAfter };
    case "failed":
      return (
        (answer.failure === undefined ? unexplained : undefined) ?? {
          error: "flow-failed",
          failure: answer.failure,
        }
      );
    case "rate-limited":
      return { error: "rate-limited", retryAfter: answer.retryAfter };
  }
}

function moved({ step, flow, upstream, now }: DecisionInput, answer: UpstreamFlow): Decision {
  const { jar } = upstream;
  if (step !== "poll" || answer.status !== flow.status) return adopted(flow, answer, jar, now);
  const state = stateOf(answer, flow.createdAt, now);
  // What is let go of is not stored, so nothing in it is too large.
  const reply: KeptReply = { kind: "view", view: viewOf(flow.flowId, state, answer.passing) };
  return { kind: "release", jar, attemptReturned: false, state, reply };
}

function adopted(flow: Flow, upstream: UpstreamFlow, jar: Jar, now: number): Decision {
  const state = stateOf(upstream, flow.createdAt, now);
  return { kind: "commit", state, jar, reply: { kind: "view", view: viewOf(flow.flowId, state) } };
}

function unmoved(flow: Flow, upstream: UpstreamFlow, jar: Jar, now: number): Decision {
  const state = stateOf(upstream, flow.createdAt, now);
  const view = { ...viewOf(flow.flowId, state), settled: "no-progress" as const };
  return { kind: "commit", state, jar, reply: { kind: "view", view } };
}

/** PingOne has looked at what was sent: a repetition must find this answer, not PingOne. */
function refusedFor(
  {
    step,
    flow,
    jar,
    now,
    unexplained,
  }: Pick<DecisionInput, "flow" | "now" | "step" | "unexplained"> & { readonly jar: Jar },
  answer: Refusal,
): Decision {
  const problem = reasonProblem(step, answer, unexplained);
  if (answer.flow?.status === "FAILED") return ended(flow, "FAILED", jar, endingProblem(problem));
  const told = answer.flow && stateOf(answer.flow, flow.createdAt, now);
  // Only what PingOne spent is worth a new token: a device or a call that it turned down has cost nothing.
  const isUnspent = problem.error === "request-invalid" || problem.error === "rate-limited";
  const hasMoved = told !== undefined && told.status !== flow.status;
  if (isUnspent && !hasMoved) return { ...release(jar, problem, true), state: told };
  return { kind: "commit", state: told ?? stateIn(flow), jar, reply: { kind: "problem", problem } };
}

/** A limit says that nothing was taken up, and to come again: not where it has ended the flow. */
function endingProblem(problem: FlowProblem): FlowProblem {
  return problem.error === "rate-limited" ? { error: "flow-failed" } : problem;
}

/**
 * The end of a flow that nobody can go on with: its application is no longer configured, or PingOne's answer
 * is lost: to its start, or to its code.
 */
export function abandon(flow: Flow, jar: Jar): Decision {
  return ended(flow, "RESTART_REQUIRED", jar, { error: "restart-required" });
}

/** The code, for whoever holds a token of the flow. */
export function authorizationOf(
  flowId: string,
  { state, nonce }: Jar,
  code: string,
  application: Application,
): KeptReply {
  const { redirectUri } = application;
  const next = stepsAfterCode(application);
  const offered = next.length === 0 ? {} : { next };
  return { kind: "authorized", flowId, status: resumed, code, state, nonce, redirectUri, ...offered };
}

function stepsAfterCode(application: Application): StepName[] {
  return nextSteps(resumed, []).filter((step) => isFor(step, application));
}

function authorized({ flow, application, upstream, now }: DecisionInput, code: string): Decision {
  const deadline = Math.min(now + resumedLifeMs, flow.deadline);
  return {
    kind: "commit",
    state: {
      ...stateIn(flow),
      status: resumed,
      next: stepsAfterCode(application),
      deadline,
    },
    jar: jarWithCode(application, upstream.jar, code),
    reply: authorizationOf(flow.flowId, upstream.jar, code, application),
  };
}

/**
 * What is still of use beside the code, so that there is room for it. The cookies have done their work, save
 * where they are to end the session: what is not kept can't be stolen.
 */
function jarWithCode(
  { session }: Application,
  { application, codeChallenge, cookies, nonce, state }: Jar,
  code: string,
): Jar {
  const kept = { upstreamFlowId: "", application, nonce, state, codeChallenge };
  return { ...kept, cookies: session === "end" ? cookies : [], code };
}

function redeemed({ flow, upstream }: DecisionInput, tokens: Tokens): Decision {
  const { code: _, ...jar } = upstream.jar;
  const state: FlowState = { ...stateIn(flow), next: [] };
  const { flowId } = flow;
  const lost: FlowProblem = { error: "restart-required" };
  const again = { kind: "problem", problem: lost, flow: viewOf(flowId, state) } as const;
  return {
    kind: "commit",
    state,
    jar,
    reply: { kind: "redeemed", flowId, status: state.status, tokens, again },
  };
}

/** The end of a flow, with a status of PingOne's or ours, and a problem that says why. */
export function ended(flow: Flow, status: string, jar: Jar, problem: FlowProblem): Decision {
  const state: FlowState = { ...stateIn(flow), status, next: [], details: {} };
  const { code: _, ...rest } = jar;
  return { kind: "commit", state, jar: { ...rest, cookies: [] }, reply: { kind: "problem", problem } };
}

/** Lets go of a claim with a problem. */
export function release(
  jar: Jar,
  problem: FlowProblem,
  attemptReturned: boolean,
): Decision & { readonly kind: "release" } {
  return { kind: "release", jar, attemptReturned, reply: { kind: "problem", problem } };
}

function stateIn({ status, next, details, deadline, userId }: Flow): FlowState {
  return { status, next, details, deadline, userId };
}
