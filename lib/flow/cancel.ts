import { reportEnd } from "./completion.ts";
import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest } from "./context.ts";
import { isOver } from "./flow.ts";
import { inProgress, judgeAccess, refuse } from "./judge.ts";
import type { Answer } from "./reply.ts";

/**
 * Forgets a flow and everything PingOne gave for it, a doubt included. PingOne itself is not told: its
 * flow ends by inactivity.
 *
 * @returns `cancelled` when the flow is gone, else the problem: a step that is being taken is not cut off.
 */
export async function cancel(ports: FlowPorts, { key, trace }: FlowRequest): Promise<Answer> {
  const { clock, store } = ports;
  const now = clock.now();
  const removal = await unlessUnavailable(store.remove(key, now));
  trace.commitMs = clock.now() - now;
  if (removal === undefined) return refuse({ error: "upstream-unavailable" });
  if (removal.kind === "removed") {
    const { waiter, status = "" } = removal;
    if (!isOver(status)) await reportEnd(ports, trace, { waiter, flowId: key.flowId, status: "CANCELLED" });
    return { reply: { kind: "cancelled" } };
  }
  const access = judgeAccess(removal.found, now);
  return access.kind === "refused" ? access.answer : refuse(inProgress);
}
