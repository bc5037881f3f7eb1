import type { StartCall } from "./calls.ts";
import { daily, flowTold, type Outcome, rare, seldom } from "./outcome.ts";
import type { Effect } from "./upstream.ts";

/** What comes of a start. */
export function startsOf({ named }: StartCall): readonly Outcome[] {
  if (named === undefined) return unnamed;
  return named === "by a token" ? [...hinted, ...vouchedFor] : hinted;
}

const unnamed: readonly Outcome[] = [
  ...["SIGN_ON_REQUIRED", "USERNAME_PASSWORD_REQUIRED"].map(begins),
  rare("PingOne begins a flow, and can't be read", begun("SIGN_ON_REQUIRED"), () => ({ kind: "unsent" })),
];

const hinted: readonly Outcome[] = [
  ...["OTP_REQUIRED", "SIGN_ON_REQUIRED"].map(begins),
  daily("PingOne rejects it", { kind: "turned down" }, () => ({ kind: "rejected" })),
  rare("PingOne says it is locked", { kind: "turned down" }, () => ({ kind: "locked", retryAfter: 60 })),
  rare("PingOne finds no device", begun("FAILED"), flowTold),
  rare("PingOne begins a flow, and can't be read", begun("OTP_REQUIRED"), () => ({ kind: "doubtful" })),
];

/** Whom the application vouches for PingOne may sign on with no credential. */
const vouchedFor: readonly Outcome[] = [
  "COMPLETED",
  "AGREEMENT_CONSENT_REQUIRED",
  "PROFILE_DATA_REQUIRED",
].map((status) => seldom(`PingOne begins with ${status}`, begun(status), flowTold));

function begun(status: string): Effect {
  return { kind: "begun", status };
}

function begins(status: string): Outcome {
  return daily(`PingOne begins with ${status}`, begun(status), flowTold);
}
