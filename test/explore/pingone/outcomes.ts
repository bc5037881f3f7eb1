import type { Refusal, UpstreamAnswer, UpstreamFlow } from "../../../lib/flow/provider.ts";
import { actionOf, steps } from "../../../lib/flow/steps.ts";
import type { FlowCall, UpstreamCall } from "./calls.ts";
import { actionsIn, strangeStatus, successorsOf } from "./statuses.ts";
import { type Coming, type Effect, isWorthCode, toldFlow, type Upstream } from "./upstream.ts";

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

const nothing: Effect = { kind: "none" };
const turnedDown: Effect = { kind: "turned down" };
const failed: Effect = { kind: "failed" };
const wrong: Refusal = { kind: "rejected" };

/**
 * Every way that a call can go, in the state that PingOne is in when it arrives there; the
 * most useful one first.
 */
export function outcomesOf(
  upstream: Upstream | undefined,
  call: UpstreamCall,
  width: Width,
): readonly Outcome[] {
  const lost = call.kind === "start" ? [] : [forgetting(call)];
  const all = [...arrived(upstream, call), ...troubles, ...lost];
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
  if (call.kind === "start") return call.isHinted ? hintedStarts : starts;
  if (!upstream?.isKnown || call.jar.upstreamFlowId !== upstream.id) {
    return [daily("PingOne has no such flow", nothing, () => missing(call))];
  }
  if (call.kind === "read") return readings(upstream);
  const { kind } = steps[call.step].call;
  if (kind === "read") return readings(upstream);
  return kind === "resume" ? resumptions(upstream, call) : actions(upstream, call);
}

function actions(upstream: Upstream, { step }: FlowCall): readonly Outcome[] {
  const action = actionOf(step);
  if (action === undefined || !actionsIn(upstream.status).includes(action)) {
    return [daily("PingOne does not offer this", nothing, () => ({ kind: "doubtful" }))];
  }
  const successors = successorsOf(upstream.status, action);
  const [status = upstream.status] = successors;
  const on: Effect = { kind: "moved", status, coming: "now" };
  return [
    ...successors.flatMap((successor, index) =>
      index < 2 ? moves(successor) : moves(successor).map(otherwise),
    ),
    ...(steps[step].rejections.length === 0 ? [] : rejections),
    ...refusals("PingOne says it is locked", { kind: "locked", retryAfter: 60 }),
    ...refusals("PingOne says it is locked for good", { kind: "locked" }),
    ...refusals("PingOne finds no device", { kind: "failed", failure: "NO_USABLE_DEVICES" }),
    ...refusals("PingOne has had too many", { kind: "rate-limited", retryAfter: 2 }, nothing),
    rare("PingOne goes on under another id", { ...on, isRenamed: true }, flowTold),
    rare("PingOne goes on to a status that nobody knows", on, strangeFlow),
    rare("PingOne goes on, and can't be read", on, () => ({ kind: "doubtful" })),
  ];
}

/** The step was done; where that completes the flow, the session comes now, later or never. */
function moves(status: string): readonly Outcome[] {
  const move = (coming: Coming): Effect => ({ kind: "moved", status, coming });
  if (status !== "COMPLETED") return [daily(`PingOne goes on to ${status}`, move("now"), flowTold)];
  return [
    daily("PingOne completes the flow", move("now"), flowTold),
    seldom("PingOne completes the flow, the session comes with the next answer", move("next"), flowTold),
    rare("PingOne completes the flow, and no session comes", move("never"), flowTold),
  ];
}

/** What is no different to other requests. */
function otherwise(outcome: Outcome): Outcome {
  return { ...outcome, width: "all" };
}

/** PingOne turns down what the person gave, in each of the places where it can say so. */
const rejections: readonly Outcome[] = [
  daily("PingOne rejects it", turnedDown, () => ({ kind: "rejected", attemptsRemaining: 2 })),
  rare("PingOne rejects it in a flow that goes on", turnedDown, reasonIn(wrong)),
  seldom("PingOne rejects it, and ends the flow", { kind: "failed", reason: wrong }, flowTold),
];

/** The same for a reason that is not about what the person gave. */
function refusals(name: string, reason: Refusal, effect = turnedDown): readonly Outcome[] {
  return [
    rare(name, effect, () => reason),
    rare(`${name}, in a flow that goes on`, effect, reasonIn(reason)),
    rare(`${name}, and ends the flow`, { kind: "failed", reason }, flowTold),
  ];
}

/** What a read finds. Where a push waits, the person may have answered it by then. */
function readings(upstream: Upstream): readonly Outcome[] {
  const asItIs = daily("PingOne tells where the flow stands", nothing, flowTold);
  if (upstream.status !== "PUSH_CONFIRMATION_REQUIRED") return [asItIs];
  const answered = moves("COMPLETED").map((one) => ({ ...one, name: `the person approves: ${one.name}` }));
  const timedOut: Effect = { kind: "moved", status: "PUSH_CONFIRMATION_TIMED_OUT", coming: "now" };
  return [
    ...answered,
    asItIs,
    seldom("the person denies", failed, flowTold),
    rare("the person does not answer in time", timedOut, flowTold),
  ];
}

function resumptions(upstream: Upstream, { jar }: FlowCall): readonly Outcome[] {
  if (upstream.status === "FAILED") {
    return [daily("PingOne denies a code", nothing, () => ({ kind: "denied" }))];
  }
  if (!isWorthCode(upstream, jar)) {
    const page = daily("PingOne sends to its sign-on page", nothing, () => ({ kind: "signed-out" }));
    return [{ ...page, bringsCookies: false }];
  }
  return [
    daily("PingOne gives the code", { kind: "spent" }, () => ({ kind: "authorized", code: "code-of-ada" })),
    rare("PingOne denies a code, and ends the flow", failed, () => ({ kind: "denied" })),
    rare("PingOne gives a code that can't be read", { kind: "spent" }, () => ({ kind: "doubtful" })),
  ];
}

/** What comes of a start that names nobody. */
const starts: readonly Outcome[] = [
  ...["SIGN_ON_REQUIRED", "USERNAME_PASSWORD_REQUIRED"].map(begins),
  rare("PingOne begins a flow, and can't be read", begun("SIGN_ON_REQUIRED"), () => ({ kind: "unsent" })),
];

/** What comes of a start that names somebody. */
const hintedStarts: readonly Outcome[] = [
  ...["OTP_REQUIRED", "SIGN_ON_REQUIRED"].map(begins),
  daily("PingOne rejects it", turnedDown, () => ({ kind: "rejected" })),
  rare("PingOne says it is locked", turnedDown, () => ({ kind: "locked", retryAfter: 60 })),
  rare("PingOne finds no device", begun("FAILED"), flowTold),
  rare("PingOne begins a flow, and can't be read", begun("OTP_REQUIRED"), () => ({ kind: "doubtful" })),
];

function begun(status: string): Effect {
  return { kind: "begun", status };
}

function begins(status: string): Outcome {
  return daily(`PingOne begins with ${status}`, begun(status), flowTold);
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
function forgetting(call: FlowCall): Outcome {
  const outcome = elsewhere("PingOne has forgotten the flow", () => missing(call), "core");
  return { ...outcome, effect: { kind: "forgotten" } };
}

/** What PingOne does every day. */
function daily(name: string, effect: Effect, tell: Telling): Outcome {
  return { ...{ name, faults: 0, effect, tell }, bringsCookies: true, width: "core" };
}

/** What it seldom does, and what other requests have to get along with. */
function seldom(name: string, effect: Effect, tell: Telling): Outcome {
  return { ...daily(name, effect, tell), faults: 1 };
}

/** What it seldom does, and what is no different to other requests. */
function rare(name: string, effect: Effect, tell: Telling): Outcome {
  return { ...seldom(name, effect, tell), width: "all" };
}

/** What no flow has a part in. */
function elsewhere(name: string, tell: Telling, width: Width = "all"): Outcome {
  return { ...{ name, faults: 1, effect: nothing, tell }, bringsCookies: false, width };
}

/** A flow that is not there; where a name is acted on, PingOne's words for it mean the name. */
function missing({ kind, step }: FlowCall): UpstreamAnswer {
  if (kind === "read") return { kind: "gone" };
  const meansName = steps[step].rejections.some((one) => one.code === "NOT_FOUND" && !("target" in one));
  return { kind: meansName ? "rejected" : "gone" };
}

/** A flow that has failed is told as the refusal that it is. */
function flowTold(upstream: Upstream | undefined, now: number): UpstreamAnswer {
  if (upstream === undefined) return { kind: "gone" };
  const flow = toldFlow(upstream, now);
  const { status, reason = { kind: "failed" } } = upstream;
  return status === "FAILED" ? { ...reason, flow } : { kind: "flow", flow };
}

function strangeFlow(upstream: Upstream | undefined, now: number): UpstreamAnswer {
  const told = flowTold(upstream, now);
  if (told.kind !== "flow") return told;
  const flow: UpstreamFlow = { ...told.flow, status: strangeStatus, actions: ["novel.action"] };
  return { kind: "flow", flow };
}

function reasonIn(reason: Refusal): Telling {
  return (upstream, now) => (upstream === undefined ? reason : { ...reason, flow: toldFlow(upstream, now) });
}
