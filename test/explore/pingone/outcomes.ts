import type { UpstreamAnswer } from "../../../lib/flow/provider.ts";
import { steps } from "../../../lib/flow/steps.ts";
import { actions, readings, resumptions } from "./actions.ts";
import type { FlowCall, UpstreamCall } from "./calls.ts";
import { exchangesOf, renewals, signOffsOf } from "./grants.ts";
import { daily, elsewhere, nothing, type Outcome, type Width } from "./outcome.ts";
import { startsOf } from "./starts.ts";
import type { Effect, Upstream } from "./upstream.ts";

/**
 * Every way that a call can go, in the state that PingOne is in when it arrives there; the
 * most useful one first.
 */
export function outcomesOf(
  upstream: Upstream | undefined,
  call: UpstreamCall,
  width: Width,
): readonly Outcome[] {
  const all = [...arrived(upstream, call), ...troubles, ...forgetting(call)];
  return width === "all" ? all : all.filter((one) => one.width === "core");
}

/** What can come of a call whose answer nobody waits for any longer. */
export function lateEffects(upstream: Upstream | undefined, call: UpstreamCall): readonly Effect[] {
  const effects = arrived(upstream, call)
    .filter(({ width }) => width === "core")
    .map(({ effect }) => effect);
  const texts = effects.map((effect) => JSON.stringify(effect));
  return effects.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

/** The call came to PingOne. */
function arrived(upstream: Upstream | undefined, call: UpstreamCall): readonly Outcome[] {
  switch (call.kind) {
    case "start":
      return startsOf(call);
    case "sign off":
      return signOffsOf(upstream, call);
    case "renew":
      return renewals;
    case "act":
    case "read":
      return arrivedOn(upstream, call);
  }
}

function arrivedOn(upstream: Upstream | undefined, call: FlowCall): readonly Outcome[] {
  const kind = call.kind === "read" ? call.kind : steps[call.step].call.kind;
  // A code is redeemed elsewhere than at the flow.
  if (kind === "exchange") return exchangesOf(upstream, call);
  if (!upstream?.isKnown || call.jar.upstreamFlowId !== upstream.id) {
    return [daily("PingOne has no such flow", nothing, () => missing(call))];
  }
  switch (kind) {
    case "read":
      return readings(upstream);
    case "resume":
      return resumptions(upstream, call);
    case "action":
      return actions(upstream, call);
  }
}

/** What can befall any call. */
const troubles: readonly Outcome[] = [
  elsewhere("nothing is sent", () => ({ kind: "unsent" }), "core"),
  elsewhere("PingOne turns the call away unread", () => ({ kind: "refused" })),
  elsewhere("PingOne says to wait", () => ({ kind: "rate-limited", retryAfter: 2 }), "core"),
  elsewhere("PingOne speaks another protocol", () => ({ kind: "unsupported" })),
  { name: "no answer comes", faults: 1, effect: nothing, bringsCookies: false, width: "core" },
];

/** PingOne keeps no flow that has been idle for long. */
function forgetting(call: UpstreamCall): readonly Outcome[] {
  const isOnFlow = call.kind === "read" || (call.kind === "act" && steps[call.step].call.kind !== "exchange");
  if (!isOnFlow) return [];
  const outcome = elsewhere("PingOne has forgotten the flow", () => missing(call), "core");
  return [{ ...outcome, effect: { kind: "forgotten" } }];
}

/** A flow that is not there; where a name is acted on, PingOne's words for it mean the name. */
function missing({ kind, step }: FlowCall): UpstreamAnswer {
  if (kind === "read") return { kind: "gone" };
  const meansName = steps[step].rejections.some((one) => one.code === "NOT_FOUND" && !("target" in one));
  return { kind: meansName ? "rejected" : "gone" };
}
