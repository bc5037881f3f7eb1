import type { Jar } from "../../../lib/flow/jar.ts";
import { idleLimitMs } from "../../../lib/flow/lifetime.ts";
import type { Refusal, UpstreamFlow } from "../../../lib/flow/provider.ts";
import { actionsIn, detailsIn } from "./statuses.ts";

/**
 * When the session cookie comes: with the answer to what completed the flow, with the next answer, or never.
 */
export type Coming = "never" | "next" | "now";

/** The session that a completed flow is worth. */
interface Session {
  readonly value: string;
  /** Which answer brings it; `sent` where one has, whether or not it arrived. */
  readonly coming: Coming | "sent";
}

/** One flow at PingOne, as it is kept there. */
export interface Upstream {
  /** Its newest id. */
  readonly id: string;
  readonly status: string;
  /** Whether PingOne knows the flow: what has been idle for too long is forgotten. */
  readonly isKnown: boolean;
  readonly session?: Session | undefined;
  /** Whether a code has been given for it: it gives no second one. */
  readonly isSpent: boolean;
  /** Whether that code has been redeemed. */
  readonly isRedeemed: boolean;
  /** Whether the session has been ended. */
  readonly isSignedOff: boolean;
  /** Why PingOne has ended it. */
  readonly reason?: Refusal | undefined;
}

/** The name of PingOne's session cookie. */
export const sessionCookie = "ST";

/** The value of it. */
export const sessionValue = "session-of-ada";

/** PingOne's id of the person. */
export const userId = "person-ada";

/** What has come of a call at PingOne, whether or not its answer arrives. */
export type Effect =
  /** PingOne has begun a flow. */
  { readonly kind: "begun"; readonly status: string } | FlowEffect;

type FlowEffect =
  | { readonly kind: "none" }
  /** PingOne went on, perhaps under another id. */
  | { readonly kind: "moved"; readonly status: string; readonly coming: Coming; readonly isRenamed?: true }
  /** PingOne looked at what was sent, and turned it down. */
  | { readonly kind: "turned down" }
  /** PingOne has ended the flow, and says why to whoever reads it. */
  | { readonly kind: "failed"; readonly reason?: Refusal }
  /** PingOne has forgotten the flow. */
  | { readonly kind: "forgotten" }
  /** PingOne has given the code. */
  | { readonly kind: "spent" }
  /** PingOne has given tokens for it. */
  | { readonly kind: "redeemed" }
  /** PingOne has ended the session. */
  | { readonly kind: "signed off" };

/** PingOne after an effect. */
export function afterEffect(upstream: Upstream | undefined, effect: Effect): Upstream | undefined {
  if (effect.kind === "begun") return newUpstream(effect.status);
  return upstream && afterEffectOn(upstream, effect);
}

/** A flow that PingOne has just begun. */
export function newUpstream(status: string): Upstream {
  return {
    ...{ id: "upstream-flow", status, isKnown: true },
    ...{ isSpent: false, isRedeemed: false, isSignedOff: false },
    // Whom the application vouches for may be signed on at once.
    ...(status === "COMPLETED" ? { session: { value: sessionValue, coming: "now" } } : {}),
  };
}

function afterEffectOn(upstream: Upstream, effect: FlowEffect): Upstream {
  switch (effect.kind) {
    case "none":
    case "turned down":
      return upstream;
    case "moved": {
      const { session = { value: sessionValue, coming: effect.coming } } = upstream;
      const id = effect.isRenamed ? `${upstream.id}-renamed` : upstream.id;
      return {
        ...upstream,
        id,
        status: effect.status,
        ...(effect.status === "COMPLETED" ? { session } : {}),
      };
    }
    case "failed":
      return { ...upstream, status: "FAILED", reason: effect.reason };
    case "forgotten":
      return { ...upstream, isKnown: false };
    case "spent":
      return { ...upstream, isSpent: true };
    case "redeemed":
      return { ...upstream, isRedeemed: true };
    case "signed off":
      return { ...upstream, isSignedOff: true };
  }
}

/** PingOne after an answer has left it, which may have brought the cookie. */
export function afterAnswer(upstream: Upstream): Upstream {
  const { session } = upstream;
  if (session === undefined || upstream.status !== "COMPLETED") return upstream;
  return {
    ...upstream,
    session: { ...session, coming: session.coming === "next" ? "now" : afterComing(session) },
  };
}

function afterComing({ coming }: Session): Session["coming"] {
  return coming === "now" ? "sent" : coming;
}

/** The jar with what comes along with an answer that leaves now. */
export function jarWithAnswer({ status, session }: Upstream, jar: Jar): Jar {
  const isComing = status === "COMPLETED" && session?.coming === "now";
  const others = jar.cookies.filter(({ name }) => !isComing || name !== sessionCookie);
  const cookie = isComing ? [{ name: sessionCookie, value: session.value }] : [];
  return { ...jar, cookies: [...others, ...cookie] };
}

/** Whether PingOne would give the code for this jar. */
export function isWorthCode(upstream: Upstream, jar: Jar): boolean {
  const { id, isKnown, isSpent, isSignedOff, status, session } = upstream;
  const isOwn = jar.upstreamFlowId === id && isKnown && !isSpent && !isSignedOff && status === "COMPLETED";
  return isOwn && jar.cookies.some(({ name, value }) => name === sessionCookie && value === session?.value);
}

/** The flow as PingOne tells of it. */
export function toldFlow({ status }: Upstream, now: number): UpstreamFlow {
  return {
    ...{ status, actions: actionsIn(status), details: detailsIn(status) },
    expiresAt: new Date(now + idleLimitMs).toISOString(),
    lifetimeMs: idleLimitMs,
    userId,
  };
}
