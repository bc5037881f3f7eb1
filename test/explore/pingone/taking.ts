import type { UpstreamAnswer, UpstreamReply } from "../../../lib/flow/provider.ts";
import type { StartCall, UpstreamCall } from "./calls.ts";
import type { Outcome } from "./outcome.ts";
import { afterAnswer, afterEffect, type Effect, jarWithAnswer, type Upstream } from "./upstream.ts";

/** Lets a call go one way: changes PingOne, and gives what the caller gets. */
export function take(
  state: PingOneState,
  call: UpstreamCall,
  { effect, tell, bringsCookies }: Outcome,
): UpstreamReply {
  const isKnownThere = isBegun(call) || call.jar.upstreamFlowId === state.upstream?.id;
  state.upstream = afterEffect(state.upstream, effect);
  const { upstream, now } = state;
  if (tell === undefined) return { answer: unanswered(call), jar: call.jar };
  const answer = tell(upstream, now);
  if (!bringsCookies || !isKnownThere || upstream === undefined) return { answer, jar: call.jar };
  const tellsId = "flow" in answer && answer.flow !== undefined;
  const jar = { ...jarWithAnswer(upstream, call.jar), ...(tellsId ? { upstreamFlowId: upstream.id } : {}) };
  state.upstream = afterAnswer(upstream);
  return { answer, jar, httpStatus: 200 };
}

/** PingOne's side of a world. */
export interface PingOneState {
  upstream: Upstream | undefined;
  readonly now: number;
}

/** Lets a call arrive after all, whose answer nobody waits for: what would have come with it is lost. */
export function takeLate(state: PingOneState, effect: Effect): undefined {
  const upstream = afterEffect(state.upstream, effect);
  state.upstream = upstream && afterAnswer(upstream);
  return undefined;
}

function unanswered(call: UpstreamCall): UpstreamAnswer {
  return { kind: isBegun(call) && call.named === undefined ? "unsent" : "doubtful" };
}

function isBegun(call: UpstreamCall): call is StartCall {
  return call.kind === "start";
}
