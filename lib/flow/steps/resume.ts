import { defineStep } from "../step-definition.ts";

/** Fetches the authorization code of a sign-on that is complete. It carries no credential. */
export const resume = defineStep<"resume", Record<never, never>>({
  name: "resume",
  call: { kind: "resume" },
  members: {},
  offeredIn: ["COMPLETED"],
  countsAttempt: false,
  triesCredential: false,
  sendsMessage: false,
  rejections: [],
  rejection: () => ({ error: "flow-failed" }),
});
