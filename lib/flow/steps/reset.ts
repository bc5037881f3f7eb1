import { defineStep } from "../step-definition.ts";

/**
 * "This is not me": takes the flow back to where it began, with nobody named. Every count of the flow goes
 * on, so that it buys nobody a try.
 */
export const reset = defineStep<"reset", Record<never, never>>({
  name: "reset",
  call: { kind: "action", action: "session.reset", body: () => ({}) },
  members: {},
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: false,
  forgetsPerson: true,
  rejections: [],
  rejection: () => ({ error: "flow-failed" }),
});
