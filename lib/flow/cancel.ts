import { claimProblem, judgeAccess, refuse } from "./judge.ts";
import type { Answer } from "./ports.ts";
import type { FlowRequest } from "./status.ts";
import { type FlowPorts, unlessUnavailable } from "./step.ts";

/**
 * Forgets a flow and everything PingOne gave for it. PingOne itself is not told: its flow ends by inactivity.
 *
 * @returns nothing when the flow is gone, else the problem: a step that is being taken is not cut off.
 */
export async function cancel(
  { clock, store }: FlowPorts,
  { key, trace }: FlowRequest,
): Promise<Answer | undefined> {
  const now = clock.now();
  const removal = await unlessUnavailable(store.remove(key, now));
  trace.commitMs = clock.now() - now;
  if (removal === undefined) return refuse({ code: "upstream-unavailable" });
  if (removal.kind === "removed") return undefined;
  const access = judgeAccess(removal.found, now);
  if (access.kind === "refused") return access.answer;
  const { claim } = access.flow;
  return refuse(claim === undefined ? { code: "step-in-progress", retryAfter: 1 } : claimProblem(claim, now));
}
