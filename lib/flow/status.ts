import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest } from "./context.ts";
import { type FlowView, storedView } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { doubtIn, judgeAccess, refuse } from "./judge.ts";
import { statusIn } from "./log-text.ts";
import type { Answer, Reply } from "./reply.ts";
import { settle } from "./settle.ts";
import { step } from "./step.ts";
import { canonicalRequest, steps } from "./steps.ts";

const polling = steps.poll.command({});

/**
 * Reads a flow: one consistent read, no call to PingOne and no new token. Two things make it do more: a doubt
 * is settled, and a push that waits for its answer is polled, which is a step like any other. Who looks again
 * before the time that the view names is told what the last poll told.
 *
 * @returns the stored view, `pending` while a step is being taken, or a problem; never throws for what the
 * store, PingOne or the network do.
 */
export async function status(ports: FlowPorts, request: FlowRequest): Promise<Answer> {
  const { clock, settings, store } = ports;
  // A poll may have committed an answer that never arrived: asked again with the old token,
  // it is found again.
  const asked = canonicalRequest(polling);
  const read = await unlessUnavailable(store.read(request.key, asked).then((found) => ({ found })));
  if (read === undefined) return refuse({ error: "upstream-unavailable" });
  const now = clock.now();
  const access = judgeAccess(read.found, now);
  if (access.kind === "refused") return access.answer;
  const { flow } = access;
  request.trace.statusBefore = statusIn(flow.status);
  const doubt = doubtIn(read.found, now);
  if (doubt !== undefined) return settle(ports, request, doubt);
  const view = withBrowserLeg(ports, storedView(flow, settings), read.found?.jar);
  const stored: Answer = { reply: { kind: "view", view } };
  const isEarly = (flow.pollAt ?? 0) > now;
  if (flow.claim !== undefined || !flow.next.includes("poll") || isEarly) return stored;
  const polled = await step(ports, { ...request, command: polling });
  return isInProgress(polled.reply) ? stored : polled;
}

/** Tells where a browser can go on, if this API can't. It is made anew for each read, and kept nowhere. */
function withBrowserLeg({ provider, settings }: FlowPorts, view: FlowView, jar: Jar | undefined): FlowView {
  const application = jar && settings.applications[jar.application];
  if (view.fallback === undefined || jar === undefined || application === undefined) return view;
  const browser = provider.browserLeg(jar, application);
  return browser === undefined ? view : { ...view, browser };
}

/** Somebody else came first: what is stored is the news of a moment ago. */
function isInProgress(reply: Reply): boolean {
  return reply.kind === "problem" && reply.problem.error === "step-in-progress";
}
