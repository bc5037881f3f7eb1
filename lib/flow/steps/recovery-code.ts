import { defineStep } from "../step-definition.ts";

/** Has another code sent for a forgotten password. */
export const recoveryCode = defineStep<"recovery-code", Record<never, never>>({
  name: "recovery-code",
  call: { kind: "action", action: "password.sendRecoveryCode", body: () => ({}) },
  members: {},
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: true,
  hidesNames: true,
  resends: true,
  rejections: [],
  rejection: () => ({ error: "flow-failed" }),
});
