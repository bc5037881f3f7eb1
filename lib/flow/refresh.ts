import { hasClientSecret } from "./application.ts";
import { traceUpstream } from "./conclude.ts";
import type { FlowPorts, Trace } from "./context.ts";
import { refuse } from "./judge.ts";
import { objectionByNetwork } from "./limits.ts";
import type { DeviceContext, UpstreamAnswer } from "./provider.ts";
import type { Answer, Reply } from "./reply.ts";

/** What a client asks for when its tokens are to be renewed. */
export interface RefreshRequest {
  /** A name from the configured list. */
  readonly application: string;
  readonly refreshToken: string;
  readonly device: DeviceContext;
  /** The network that the client is in, as the gateway saw it. */
  readonly network?: string | undefined;
  readonly trace: Trace;
}

/**
 * Uses a refresh token, for an application whose clients can't because it has a secret. One call, which is
 * never made again, and nothing is stored: PingOne takes a second use for a theft.
 *
 * @returns new tokens, or a problem; never throws for what PingOne, the network or the store do
 */
export async function refresh(ports: FlowPorts, request: RefreshRequest): Promise<Answer> {
  const { clock, provider, settings } = ports;
  const { application: applicationName, refreshToken, device, trace } = request;
  const application = Object.hasOwn(settings.applications, applicationName)
    ? settings.applications[applicationName]
    : undefined;
  if (application === undefined || !hasClientSecret(application)) {
    return refuse({ error: "request-invalid", fields: [{ name: "application", reason: "unknown" }] });
  }
  const objection = await objectionByNetwork(ports, request.network);
  if (objection !== undefined) return refuse(objection);
  const from = clock.now();
  const upstream = await provider.refresh({ applicationName, application, refreshToken }, device);
  traceUpstream(trace, upstream, clock.now() - from);
  return { reply: replyTo(upstream.answer) };
}

function replyTo(answer: UpstreamAnswer): Reply {
  switch (answer.kind) {
    case "redeemed":
      return { kind: "refreshed", tokens: answer.tokens };
    case "rate-limited":
      return { kind: "problem", problem: { error: "rate-limited", retryAfter: answer.retryAfter } };
    case "refused":
    case "unsent":
      return { kind: "problem", problem: { error: "upstream-unavailable" } };
    case "denied":
    case "signed-out":
      return { kind: "problem", problem: { error: "refresh-rejected" } };
    default:
      return { kind: "problem", problem: { error: "outcome-unknown" } };
  }
}
