import { namesPerson } from "../../../lib/flow/steps.ts";
import type { Check } from "./check.ts";

/** The statuses that PingOne comes to by sending somebody something. */
const afterMessage: readonly string[] = [
  "OTP_REQUIRED",
  "PUSH_CONFIRMATION_REQUIRED",
  "RECOVERY_CODE_REQUIRED",
  "VERIFICATION_CODE_REQUIRED",
];
/** Whoever names a person is counted by name and by network besides. */
const limitsOfName = 2;

/** Nobody can have messages sent without a limit. */
export const messagesCounted: Check = {
  name: "messages counted",
  promise: "What has PingOne send a message was counted by the limit of messages before.",
  onCall: ({ deeds: { limits, name }, call, effect }) => {
    const isBegun = effect.kind === "begun" || effect.kind === "moved";
    const isMessage = isBegun && afterMessage.includes(effect.status);
    if (!isMessage || (call.kind !== "act" && call.kind !== "start")) return undefined;
    const isNamed = call.kind === "start" || namesPerson(call.step);
    const isCounted = limits.size > (isNamed ? limitsOfName : 0);
    return isCounted ? undefined : `${name} has a message sent, and only ${limits.size} limits know`;
  },
};
