import { defineStep } from "../step-definition.ts";

/** Has another code sent to the mail address of a new person. */
export const verificationCode = defineStep<"verification-code", Record<never, never>>({
  name: "verification-code",
  call: { kind: "action", action: "user.sendVerificationCode", body: () => ({}) },
  members: {},
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: true,
  resends: true,
  rejections: [],
  rejection: () => ({ error: "flow-failed" }),
});
