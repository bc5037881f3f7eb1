import type { Clock } from "./clock.ts";
import { reportEnd } from "./completion.ts";
import type { FlowPorts, FlowRequest, Trace } from "./context.ts";
import { counted, keepsCount, perhapsCounted, replyWith, uncertain, withCount } from "./counted.ts";
import type { Decision } from "./decide.ts";
import { type AttemptLimits, type Flow, isOver, storedView, withinLimits } from "./flow.ts";
import { refuse } from "./judge.ts";
import { correlationIdIn, statusIn } from "./log-text.ts";
import { paced } from "./pace.ts";
import type { UpstreamReply } from "./provider.ts";
import type { Answer } from "./reply.ts";
import type { Completion } from "./reporter.ts";
import type { StepName } from "./steps.ts";
import {
  ClaimLost,
  type HeldClaim,
  type OptionalWaiter,
  StoreUnavailable,
  type UnusableClaim,
} from "./store.ts";

/**
 * Makes a decision durable: the one write that ends a claim. Then tells whoever waits for a flow that this
 * ended.
 *
 * @returns the answer, with the next flow token where the write drew one; `outcome-unknown` when nobody can
 *   say whether the write happened, or when the claim had been taken over
 */
export async function conclude(
  ports: FlowPorts,
  trace: Trace,
  claim: HeldClaim,
  decision: Decision,
): Promise<Answer> {
  const shown = withFlow(counted(decision, claim), claim.flow, ports.settings);
  const told = paced(shown, claim.flow, ports.clock.now());
  const { answer, ended } = await durably(ports.clock, trace, claim, told);
  if (ended !== undefined) await reportEnd(ports, trace, ended);
  return answer;
}

/** A step whose claim was won on a row that nobody can go on with. */
interface UnusableStep {
  readonly claim: UnusableClaim;
  readonly step: StepName;
  /** Whether an earlier claim has counted an attempt at the step. */
  readonly wasCounted: boolean;
}

/**
 * Ends a flow that nobody can go on with, and tells whoever waits for it.
 *
 * @returns `restart-required`, or `upstream-unavailable` where the end could not be written: the same request
 *   then finds the flow as it was, or ended
 */
export async function endUnusable(
  ports: FlowPorts,
  { key: { flowId }, trace }: FlowRequest,
  { claim, step, wasCounted }: UnusableStep,
): Promise<Answer> {
  const status = "RESTART_REQUIRED";
  const from = ports.clock.now();
  try {
    const { waiter } = await claim.end(status);
    trace.statusBefore = statusIn(claim.status);
    trace.statusAfter = statusIn(status);
    if (!isOver(claim.status)) await reportEnd(ports, trace, { waiter, flowId, status });
    return refuse(withCount({ error: "restart-required" }, wasCounted));
  } catch (error) {
    if (!isLost(error)) throw error;
    return refuse(withCount({ error: "upstream-unavailable" }, perhapsCounted(step)));
  } finally {
    trace.commitMs = ports.clock.now() - from;
  }
}

/** Notes in the trace what the log may say of a call to PingOne. */
export function traceUpstream(trace: Trace, upstream: Omit<UpstreamReply, "jar">, durationMs: number): void {
  trace.upstreamMs = durationMs;
  trace.correlationId = correlationIdIn(upstream.correlationId);
  if (upstream.httpStatus !== undefined) trace.upstreamStatus = upstream.httpStatus;
  if (upstream.hidesLock === true) trace.lockedOut = true;
}

/** The value, or nothing when the store couldn't be reached. */
export async function unlessUnavailable<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}

/** The answer to a decision whose write is lost: what needed no write to be true stays true. */
function withoutWrite(decision: Decision, claim: HeldClaim): Answer {
  switch (decision.kind) {
    case "release":
      return { reply: replyWith(decision.reply, uncertain(claim)) };
    case "expire":
      return refuse(withCount({ error: "flow-expired" }, uncertain(claim)));
    case "doubt":
      return refuse(decision.problem);
    case "commit":
      // Tokens are good whatever became of the row, and can't be had again.
      return decision.reply.kind === "redeemed"
        ? { reply: decision.reply }
        : refuse(withCount({ error: "outcome-unknown" }, uncertain(claim)));
  }
}

/**
 * A decision whose reply shows the flow as it will be: also with a problem, where the write draws a token.
 */
function withFlow(decision: Decision, flow: Flow, limits: AttemptLimits): Decision {
  if (decision.kind !== "commit" && decision.kind !== "release") return decision;
  const { reply } = decision;
  switch (reply.kind) {
    case "view":
      return { ...decision, reply: { ...reply, view: withinLimits(reply.view, flow, limits) } };
    case "problem": {
      if (decision.kind === "release") return decision;
      const after = { ...flow, ...decision.state, claim: undefined };
      return { ...decision, reply: { ...reply, flow: storedView(after, limits) } };
    }
    case "authorized":
    case "redeemed":
      return decision;
  }
}

interface Conclusion {
  readonly answer: Answer;
  /** For a write that ended the flow. */
  readonly ended?: (OptionalWaiter & Completion) | undefined;
}

async function durably(
  clock: Clock,
  trace: Trace,
  claim: HeldClaim,
  decision: Decision,
): Promise<Conclusion> {
  const from = clock.now();
  try {
    return await write(claim, decision, trace, from);
  } catch (error) {
    // The claim left behind is settled once its lease has ended.
    if (!isLost(error)) throw error;
    return { answer: withoutWrite(decision, claim) };
  } finally {
    trace.commitMs = clock.now() - from;
  }
}

async function write(claim: HeldClaim, decision: Decision, trace: Trace, now: number): Promise<Conclusion> {
  const { flowId } = claim.flow;
  // Who waits has been told then: a code that is fetched, or can't be, is no news.
  const wasOver = isOver(claim.flow.status);
  switch (decision.kind) {
    case "commit": {
      const { flowToken, waiter } = await claim.commit(decision);
      const { status, userId = claim.flow.userId } = decision.state;
      trace.statusAfter = statusIn(status);
      const answer = { reply: decision.reply, flowToken };
      return isOver(status) && !wasOver ? { answer, ended: { waiter, flowId, status, userId } } : { answer };
    }
    case "release":
      await claim.release(decision);
      return { answer: { reply: decision.reply } };
    case "doubt":
      await claim.markDoubtful(decision.jar, decision);
      return { answer: refuse(decision.problem) };
    case "expire": {
      const { waiter } = await claim.expire(now);
      const answer = refuse(withCount({ error: "flow-expired" }, keepsCount(claim, true)));
      return wasOver ? { answer } : { answer, ended: { waiter, flowId, status: "EXPIRED" } };
    }
  }
}

/** Whether a write that ends a claim is lost: it may not have happened, or the claim was taken over. */
export function isLost(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof ClaimLost;
}
