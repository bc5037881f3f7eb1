import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest } from "./context.ts";
import { viewOf } from "./flow.ts";
import { doubtIn, judgeAccess, refuse } from "./judge.ts";
import type { Answer } from "./ports.ts";
import { settle } from "./settle.ts";

/**
 * Reads a flow: one consistent read, no call to PingOne and no new token. Only a doubt makes it do more: it is
 * settled.
 *
 * @returns the stored view, `pending` while a step is being taken, or a problem; never throws for what the store,
 *   PingOne or the network do.
 */
export async function status(ports: FlowPorts, request: FlowRequest): Promise<Answer> {
  const { clock, store } = ports;
  const read = await unlessUnavailable(store.read(request.key).then((found) => ({ found })));
  if (read === undefined) return refuse({ code: "upstream-unavailable" });
  const now = clock.now();
  const access = judgeAccess(read.found, now);
  if (access.kind === "refused") return access.answer;
  const { flow } = access;
  request.trace.statusBefore = flow.status;
  const doubt = doubtIn(read.found, now);
  if (doubt !== undefined) return settle(ports, request, doubt);
  const pending = flow.claim === undefined ? {} : { pending: flow.claim.step };
  return { reply: { kind: "view", view: { ...viewOf(flow.flowId, flow), ...pending } } };
}
