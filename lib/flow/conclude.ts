import type { FlowPorts, Trace } from "./context.ts";
import type { Decision } from "./decide.ts";
import { refuse } from "./judge.ts";
import { type Answer, ClaimLost, type HeldClaim, StoreUnavailable, type UpstreamReply } from "./ports.ts";

/**
 * Makes a decision durable: the one write that ends a claim.
 *
 * @returns the answer, with the next flow token where the write drew one; `outcome-unknown` when nobody can say
 *   whether the write happened, or when the claim had been taken over
 */
export async function conclude(
  { clock }: FlowPorts,
  trace: Trace,
  claim: HeldClaim,
  decision: Decision,
): Promise<Answer> {
  const from = clock.now();
  try {
    return await write(claim, decision, trace, from);
  } catch (error) {
    // What is known stays true: the claim left behind is settled once its lease has ended.
    if (!isLost(error)) throw error;
    return settledAnyway(decision) ?? refuse({ code: "outcome-unknown" });
  } finally {
    trace.commitMs = clock.now() - from;
  }
}

/** Notes in the trace what the log may say of a call to PingOne. */
export function traceUpstream(trace: Trace, upstream: UpstreamReply, durationMs: number): void {
  trace.upstreamMs = durationMs;
  if (upstream.correlationId !== undefined) trace.correlationId = upstream.correlationId;
  if (upstream.httpStatus !== undefined) trace.upstreamStatus = upstream.httpStatus;
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

/** The answer to a decision that needed no write to be true. */
function settledAnyway(decision: Decision): Answer | undefined {
  switch (decision.kind) {
    case "release":
      return { reply: decision.reply };
    case "expire":
      return refuse({ code: "flow-expired" });
    case "doubt":
      return refuse(decision.problem);
    case "commit":
      return undefined;
  }
}

async function write(claim: HeldClaim, decision: Decision, trace: Trace, now: number): Promise<Answer> {
  switch (decision.kind) {
    case "commit": {
      const flowToken = await claim.commit(decision);
      trace.statusAfter = decision.state.status;
      return { reply: decision.reply, flowToken };
    }
    case "release":
      await claim.release(decision);
      return { reply: decision.reply };
    case "doubt":
      await claim.markDoubtful(decision.jar, decision);
      return refuse(decision.problem);
    case "expire":
      await claim.expire(now);
      return refuse({ code: "flow-expired" });
  }
}

function isLost(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof ClaimLost;
}
