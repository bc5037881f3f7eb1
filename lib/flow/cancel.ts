import { reportEnd } from "./completion.ts";
import { traceUpstream, unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest } from "./context.ts";
import { isOver, resumed } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { doubtIn, inProgress, judgeAccess, refuse } from "./judge.ts";
import type { Answer } from "./reply.ts";

/**
 * Forgets a flow and everything PingOne gave for it, a doubt included. PingOne is told only where the flow
 * has been resumed and its application ends sessions: then the person is signed off first. Any other flow
 * ends there by inactivity.
 *
 * @returns `cancelled` when the flow is gone, else the problem: a step that is being taken is not cut off,
 *   and a flow whose person could not be signed off stays, so that the same request can be sent again.
 */
export async function cancel(ports: FlowPorts, request: FlowRequest): Promise<Answer> {
  const { clock, store } = ports;
  const { key, trace } = request;
  const objection = await signOff(ports, request);
  if (objection !== undefined) return objection;
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

/** Ends the session that a flow has led to, where that is wanted. @returns why it may not be forgotten yet */
async function signOff(ports: FlowPorts, request: FlowRequest): Promise<Answer | undefined> {
  const { clock, provider, settings } = ports;
  if (!Object.values(settings.applications).some(({ session }) => session === "end")) return undefined;
  const read = await unlessUnavailable(ports.store.read(request.key).then((found) => ({ found })));
  if (read === undefined) return refuse({ error: "upstream-unavailable" });
  const access = judgeAccess(read.found, clock.now());
  const jar = read.found?.jar;
  if (access.kind === "refused" || access.flow.status !== resumed || !isToEnd(ports, jar)) return undefined;
  const from = clock.now();
  if (access.flow.claim !== undefined && doubtIn(read.found, from) === undefined) return refuse(inProgress);
  const upstream = await provider.signOff(jar, request.device);
  traceUpstream(request.trace, upstream, clock.now() - from);
  const { answer } = upstream;
  if (answer.kind === "signed-out") return undefined;
  // It spends nothing, so it is safe to ask again whatever became of it.
  return answer.kind === "rate-limited"
    ? refuse({ error: "rate-limited", retryAfter: answer.retryAfter })
    : refuse({ error: "upstream-unavailable" });
}

function isToEnd({ settings }: FlowPorts, jar: Jar | undefined): jar is Jar {
  if (jar === undefined || jar.cookies.length === 0) return false;
  return settings.applications[jar.application]?.session === "end";
}
