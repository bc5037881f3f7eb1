import { carriesSecret, namesPerson, steps } from "../../../lib/flow/steps.ts";
import type { UpstreamCall } from "../pingone/calls.ts";
import type { Effect } from "../pingone/upstream.ts";

/** What changes nothing that anybody could miss: a session is ended as often as one likes. */
const harmless: readonly Effect["kind"][] = ["none", "forgotten", "signed off"];

/** Whether PingOne did something that matters: a flow that it has begun for nobody ends by itself. */
export function isAct(call: UpstreamCall, { kind }: Effect): boolean {
  return !harmless.includes(kind) && (call.kind !== "start" || call.named !== undefined);
}

/** Whether PingOne looked at who the person is, or at what proves it. */
export function isLook(call: UpstreamCall, { kind }: Effect): boolean {
  if (call.kind === "start") return call.named !== undefined && kind !== "none";
  if (call.kind !== "act") return false;
  const isCredential = carriesSecret(call.step) || namesPerson(call.step);
  const isTurnedDown = isCredential && (kind === "turned down" || kind === "failed");
  return steps[call.step].countsAttempt && (kind === "moved" || isTurnedDown);
}
