import { askToStart } from "./ask.ts";
import { traceUpstream, unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowSettings, Trace } from "./context.ts";
import { withCount } from "./counted.ts";
import { reasonProblem, stateOf } from "./decide.ts";
import { viewOf } from "./flow.ts";
import type { Jar } from "./jar.ts";
import { refuse } from "./judge.ts";
import { admit, withPerson } from "./limits.ts";
import { statusIn } from "./log-text.ts";
import type { Application, DeviceContext, UpstreamFlow, UpstreamReply } from "./provider.ts";
import type { Answer } from "./reply.ts";
import type { FlowStore, Holder, NewFlow } from "./store.ts";

/** What a client asks for when it starts a flow. */
export interface StartRequest {
  /** A name from the configured list; without it, the first of the list. */
  readonly application?: string | undefined;
  /** One of that application's policies; without it, its first. */
  readonly policy?: string | undefined;
  readonly codeChallenge: string;
  readonly nonce?: string | undefined;
  readonly loginHint?: string | undefined;
  readonly device: DeviceContext;
  /**
   * The network that the person's device is in, as the gateway saw it; none for a call that IAM has let
   * through.
   */
  readonly network?: string | undefined;
  readonly trace: Trace;
  /** Whoever is to hold the flow, in the place of who asks: the answer then brings no flow token. */
  readonly holder?: Holder | undefined;
}

/**
 * Starts a flow with PingOne and stores it.
 *
 * Nothing is claimed, since there is nothing yet to hold: a client that got no answer starts again and the
 * orphan expires. @returns the first view with the first flow token, or a problem; never throws for what
 * PingOne, the network or the store do.
 */
export async function start(ports: FlowPorts, request: StartRequest): Promise<Answer> {
  const { clock, settings } = ports;
  const chosen = choose(settings, request);
  if (chosen.kind === "unknown") {
    return refuse({ error: "request-invalid", fields: [{ name: chosen.name, reason: "unknown" }] });
  }
  const { codeChallenge, network, nonce, loginHint } = request;
  // A hint may send codes, and tells as much of a name as a lookup does.
  const isHinted = loginHint !== undefined;
  const admission = await admit(ports, { name: loginHint, network, sendsMessage: isHinted });
  if (admission.kind === "refused") return refuse(admission.problem);
  const sentAt = clock.now();
  const command = { ...chosen, codeChallenge, nonce, loginHint };
  const upstream = await askToStart(ports, command, request.device);
  traceUpstream(request.trace, upstream, clock.now() - sentAt);
  return answerTo(ports, request, withPerson(upstream, admission.person));
}

type Choice =
  | { kind: "unknown"; name: "application" | "policy" }
  | { kind: "chosen"; applicationName: string; application: Application; policy: string | undefined };

function choose({ applications }: FlowSettings, request: StartRequest): Choice {
  const applicationName = request.application ?? Object.keys(applications)[0] ?? "";
  const application = Object.hasOwn(applications, applicationName)
    ? applications[applicationName]
    : undefined;
  if (application === undefined) return { kind: "unknown", name: "application" };
  const policy = request.policy ?? application.policies[0];
  const isKnown = policy === undefined || application.policies.includes(policy);
  if (!isKnown) return { kind: "unknown", name: "policy" };
  return { kind: "chosen", applicationName, application, policy };
}

async function answerTo(ports: FlowPorts, request: StartRequest, upstream: UpstreamReply): Promise<Answer> {
  const { answer, jar } = upstream;
  switch (answer.kind) {
    case "flow":
      return begin(ports, request, answer.flow, jar);
    case "failed":
    case "locked":
    case "rate-limited":
    case "rejected":
      // A start says of a name what a lookup would. No flow is kept, whatever became of PingOne's.
      return refuse(withCount(reasonProblem("lookup", answer), false));
    case "unsupported":
    case "authorized":
    case "redeemed":
      return refuse({ error: "unsupported-step" });
    case "refused":
    case "denied":
    case "gone":
    case "signed-out":
      return refuse({ error: "flow-failed" });
    case "unsent":
      return refuse({ error: "upstream-unavailable" });
    case "doubtful":
      return refuse({ error: "restart-required" });
  }
}

async function begin(
  { clock, store }: FlowPorts,
  { holder, loginHint, trace }: StartRequest,
  flow: UpstreamFlow,
  jar: Jar,
): Promise<Answer> {
  const createdAt = clock.now();
  const state = stateOf(flow, createdAt, createdAt);
  const created = await unlessUnavailable(put(store, { createdAt, state, jar }, holder));
  trace.commitMs = clock.now() - createdAt;
  // With a hint PingOne may have sent a code by now: that flow is lost, and the same request would send
  // another.
  if (created === undefined) {
    return refuse({ error: loginHint === undefined ? "upstream-unavailable" : "restart-required" });
  }
  trace.statusAfter = statusIn(state.status);
  const { flowId, flowToken } = created;
  return { reply: { kind: "view", view: viewOf(flowId, state) }, flowToken };
}

async function put(
  store: FlowStore,
  flow: NewFlow,
  holder: Holder | undefined,
): Promise<{ readonly flowId: string; readonly flowToken?: string | undefined }> {
  return holder === undefined ? store.create(flow) : { flowId: await store.createFor(holder, flow) };
}
