import type { Application } from "./application.ts";
import { admitStart, type Beginning, begin } from "./begin.ts";
import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowSettings, Trace } from "./context.ts";
import { viewOf } from "./flow.ts";
import { refuse } from "./judge.ts";
import { statusIn } from "./log-text.ts";
import type { DeviceContext } from "./provider.ts";
import type { Answer } from "./reply.ts";
import { type Once, startOnce } from "./start-once.ts";
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
  /** Of the person who is to prove themselves anew, under a policy of the application's `stepUp`. */
  readonly idToken?: string | undefined;
  /** How long ago the person may have signed on: seconds. */
  readonly maxAge?: number | undefined;
  readonly device: DeviceContext;
  /**
   * The network that the person's device is in, as the gateway saw it; none for a call that IAM has let
   * through.
   */
  readonly network?: string | undefined;
  readonly trace: Trace;
  /** Whoever is to hold the flow, in the place of who asks: the answer then brings no flow token. */
  readonly holder?: Holder | undefined;
  /** What makes a repetition of the request the same start. */
  readonly once?: Once | undefined;
}

/**
 * Starts a flow with PingOne and stores it.
 *
 * Without a key nothing is claimed, since there is nothing yet to hold: a client that got no answer starts
 * again and the orphan expires. With one, {@link startOnce} says what a repetition gets.
 *
 * @returns the first view with the first flow token, or a problem; never throws for what PingOne, the network
 *   or the store do.
 */
export async function start(ports: FlowPorts, request: StartRequest): Promise<Answer> {
  const chosen = choose(ports.settings, request);
  if (chosen.kind === "unknown") {
    return refuse({ error: "request-invalid", fields: [{ name: chosen.name, reason: "unknown" }] });
  }
  const { codeChallenge, device, idToken, loginHint, maxAge, network, nonce, once, trace } = request;
  const command = { ...chosen, codeChallenge, nonce, loginHint, maxAge };
  const beginning = { command, idToken, device, network, trace };
  return once === undefined ? startAnew(ports, request, beginning) : startOnce(ports, once, beginning);
}

type Choice =
  | { kind: "unknown"; name: "application" | "idToken" | "loginHint" | "policy" }
  | { kind: "chosen"; applicationName: string; application: Application; policy: string | undefined };

function choose({ applications }: FlowSettings, request: StartRequest): Choice {
  const { idToken, loginHint } = request;
  const applicationName = request.application ?? Object.keys(applications)[0] ?? "";
  const application = Object.hasOwn(applications, applicationName)
    ? applications[applicationName]
    : undefined;
  if (application === undefined) return { kind: "unknown", name: "application" };
  const policies = idToken === undefined ? application.policies : application.stepUp;
  if (policies === undefined) return { kind: "unknown", name: "idToken" };
  // An ID token names its person by itself.
  if (idToken !== undefined && loginHint !== undefined) return { kind: "unknown", name: "loginHint" };
  const policy = request.policy ?? policies[0];
  const isKnown = policy === undefined || policies.includes(policy);
  if (!isKnown) return { kind: "unknown", name: "policy" };
  return { kind: "chosen", applicationName, application, policy };
}

async function startAnew(ports: FlowPorts, request: StartRequest, beginning: Beginning): Promise<Answer> {
  const admission = await admitStart(ports, beginning);
  if (admission.kind === "refused") return refuse(admission.problem);
  const begun = await begin(ports, admission.beginning, admission.person);
  return begun.kind === "begun" ? keep(ports, request, begun.flow) : refuse(begun.problem);
}

async function keep(
  { clock, store }: FlowPorts,
  { holder, idToken, loginHint, trace }: StartRequest,
  flow: NewFlow,
): Promise<Answer> {
  const created = await unlessUnavailable(put(store, flow, holder));
  trace.commitMs = clock.now() - flow.createdAt;
  // With a hint PingOne may have sent a code by now: that flow is lost, and the same request would send
  // another.
  if (created === undefined) {
    const isNamed = (loginHint ?? idToken) !== undefined;
    return refuse({ error: isNamed ? "restart-required" : "upstream-unavailable" });
  }
  trace.statusAfter = statusIn(flow.state.status);
  const { flowId, flowToken } = created;
  return { reply: { kind: "view", view: viewOf(flowId, flow.state) }, flowToken };
}

async function put(
  store: FlowStore,
  flow: NewFlow,
  holder: Holder | undefined,
): Promise<{ readonly flowId: string; readonly flowToken?: string | undefined }> {
  return holder === undefined ? store.create(flow) : { flowId: await store.createFor(holder, flow) };
}
