import type { Refusal, UpstreamAnswer, UpstreamFlow } from "../../../lib/flow/provider.ts";
import type { ChoiceFault } from "../../../lib/flow/reasons.ts";
import type { RejectionReason } from "../../../lib/flow/step-definition.ts";
import { actionOf, type StepName, steps } from "../../../lib/flow/steps.ts";
import type { FlowCall } from "./calls.ts";
import {
  cookieless,
  daily,
  flowTold,
  nothing,
  type Outcome,
  otherwise,
  rare,
  reasonIn,
  seldom,
} from "./outcome.ts";
import { actionsIn, strangeStatus, successorsOf } from "./statuses.ts";
import { type Coming, type Effect, isWorthCode, toldFlow, type Upstream } from "./upstream.ts";

const turnedDown: Effect = { kind: "turned down" };
const failed: Effect = { kind: "failed" };
const wrong: Refusal = { kind: "rejected" };

/** What comes of an action. */
export function actions(upstream: Upstream, { step }: FlowCall): readonly Outcome[] {
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
    ...(rejectionsOf(step).some(({ means }) => means === undefined) ? rejections : []),
    ...faultsOf(step).flatMap(faultFound),
    ...refusals("PingOne says it is locked", { kind: "locked", retryAfter: 60 }),
    ...refusals("PingOne says it is locked for good", { kind: "locked" }),
    ...refusals("PingOne finds no device", { kind: "failed", failure: "NO_USABLE_DEVICES" }),
    ...refusals("PingOne has had too many", { kind: "rate-limited", retryAfter: 2 }, nothing),
    rare("PingOne ends the flow, and says nothing that we know", failed, flowTold),
    rare("PingOne goes on under another id", { ...on, isRenamed: true }, flowTold),
    rare("PingOne goes on to a status that nobody knows", on, strangeFlow),
    rare("PingOne goes on, and can't be read", on, () => ({ kind: "doubtful" })),
  ];
}

function rejectionsOf(step: StepName): readonly RejectionReason[] {
  return steps[step].rejections;
}

/** What PingOne can find wrong with something that was just chosen: one of each kind. */
function faultsOf(step: StepName): readonly ChoiceFault[] {
  const reasons = rejectionsOf(step);
  const malformed = reasons.find(({ means }) => means === "malformed");
  return [
    ...(reasons.some(({ means }) => means === "new-password")
      ? [{ kind: "new-password", unsatisfied: [] } as const]
      : []),
    ...(malformed === undefined ? [] : [{ kind: "malformed", member: malformed.target ?? "body" } as const]),
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

/** The same for what was just chosen: what is no name or address at all, PingOne has looked for nowhere. */
function faultFound(fault: ChoiceFault): readonly Outcome[] {
  const effect = fault.kind === "malformed" ? nothing : turnedDown;
  return refusals(
    `PingOne finds fault with what was chosen (${fault.kind})`,
    { kind: "rejected", fault },
    effect,
  );
}

/** What a read finds. Where a push waits, the person may have answered it by then. */
export function readings(upstream: Upstream): readonly Outcome[] {
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

/** What comes of a code that is asked for. */
export function resumptions(upstream: Upstream, { jar }: FlowCall): readonly Outcome[] {
  if (upstream.status === "FAILED") {
    return [daily("PingOne denies a code", nothing, () => ({ kind: "denied" }))];
  }
  if (!isWorthCode(upstream, jar)) {
    return [cookieless(daily("PingOne sends to its sign-on page", nothing, () => ({ kind: "signed-out" })))];
  }
  return [
    daily("PingOne gives the code", { kind: "spent" }, () => ({ kind: "authorized", code: "code-of-ada" })),
    rare("PingOne denies a code, and ends the flow", failed, () => ({ kind: "denied" })),
    rare("PingOne gives a code that can't be read", { kind: "spent" }, () => ({ kind: "doubtful" })),
  ];
}

function strangeFlow(upstream: Upstream | undefined, now: number): UpstreamAnswer {
  const told = flowTold(upstream, now);
  if (upstream === undefined || told.kind !== "flow") return told;
  const flow: UpstreamFlow = { ...toldFlow(upstream, now), status: strangeStatus, actions: ["novel.action"] };
  return { kind: "flow", flow };
}
