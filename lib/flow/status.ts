import { viewOf } from "./flow.ts";
import { claimProblem, isDoubtful, judgeAccess, refuse } from "./judge.ts";
import type { Answer, FlowKey } from "./ports.ts";
import { type FlowPorts, type Trace, unlessUnavailable } from "./step.ts";

/** A request about a flow that changes nothing at PingOne. */
export interface FlowRequest {
  readonly key: FlowKey;
  readonly trace: Trace;
}

/**
 * Reads a flow: one consistent read, no call to PingOne and no new token.
 *
 * @returns the stored view, `pending` while a step is being taken, or a problem; never throws for what the store does.
 */
export async function status({ clock, store }: FlowPorts, { key, trace }: FlowRequest): Promise<Answer> {
  const found = await unlessUnavailable(store.read(key).then((flow) => ({ flow })));
  if (found === undefined) return refuse({ code: "upstream-unavailable" });
  const now = clock.now();
  const access = judgeAccess(found.flow, now);
  if (access.kind === "refused") return access.answer;
  const { flow } = access;
  trace.statusBefore = flow.status;
  const { claim } = flow;
  if (claim !== undefined && isDoubtful(claim, now)) return refuse(claimProblem(claim, now));
  const pending = claim === undefined ? {} : { pending: claim.step };
  return { reply: { kind: "view", view: { ...viewOf(flow.flowId, flow), ...pending } } };
}
