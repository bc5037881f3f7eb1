import type { Refusal, UpstreamAnswer } from "../../../lib/flow/provider.ts";
import { type Effect, toldFlow, type Upstream } from "./upstream.ts";

/** How much of PingOne's freedom is explored: `all` of it, or what leads the core to different decisions. */
export type Width = "all" | "core";

/** What PingOne says, once an effect has come about. */
type Telling = (upstream: Upstream | undefined, now: number) => UpstreamAnswer;

/** One way that a call can go. */
export interface Outcome {
  /** In words, for a trace; no two of one call are the same. */
  readonly name: string;
  /** What it costs of the number of faults: 0 for what PingOne does every day. */
  readonly faults: 0 | 1;
  readonly effect: Effect;
  /** Absent where no answer ever comes. */
  readonly tell?: Telling;
  /** Whether cookies come along: none do where PingOne was not asked, and none with its sign-on page. */
  readonly bringsCookies: boolean;
  readonly width: Width;
}

/** PingOne has done nothing. */
export const nothing: Effect = { kind: "none" };

/** What PingOne does every day. */
export function daily(name: string, effect: Effect, tell: Telling): Outcome {
  return { ...{ name, faults: 0, effect, tell }, bringsCookies: true, width: "core" };
}

/** What it seldom does, and what other requests have to get along with. */
export function seldom(name: string, effect: Effect, tell: Telling): Outcome {
  return { ...daily(name, effect, tell), faults: 1 };
}

/** What it seldom does, and what is no different to other requests. */
export function rare(name: string, effect: Effect, tell: Telling): Outcome {
  return { ...seldom(name, effect, tell), width: "all" };
}

/** What no flow has a part in. */
export function elsewhere(name: string, tell: Telling, width: Width = "all"): Outcome {
  return { ...{ name, faults: 1, effect: nothing, tell }, bringsCookies: false, width };
}

/** What is no different to other requests. */
export function otherwise(outcome: Outcome): Outcome {
  return { ...outcome, width: "all" };
}

/** An answer that brings no cookie. */
export function cookieless(outcome: Outcome): Outcome {
  return { ...outcome, bringsCookies: false };
}

/** A flow that has failed is told as the refusal that it is. */
export function flowTold(upstream: Upstream | undefined, now: number): UpstreamAnswer {
  if (upstream === undefined) return { kind: "gone" };
  const flow = toldFlow(upstream, now);
  const { status, reason = { kind: "failed" } } = upstream;
  return status === "FAILED" ? { ...reason, flow } : { kind: "flow", flow };
}

/** A refusal that comes with the flow. */
export function reasonIn(reason: Refusal): Telling {
  return (upstream, now) => (upstream === undefined ? reason : { ...reason, flow: toldFlow(upstream, now) });
}
