import { defineStep } from "../step-definition.ts";

/**
 * The step of a client that only looks: it waits for a push to be answered. A push has no link; its answer
 * shows when the flow is read (docs/pingone.md §3.5).
 */
export const poll = defineStep<"poll", Record<never, never>>({
  name: "poll",
  call: { kind: "read" },
  members: {},
  offeredIn: ["PUSH_CONFIRMATION_REQUIRED"],
  countsAttempt: false,
  triesCredential: false,
  sendsMessage: false,
  rejections: [],
  // How PingOne says that the person refused is not known (docs/pingone.md §3.5 (3)).
  rejection: () => ({ error: "push-denied" }),
  unexplained: () => ({ error: "push-denied" }),
});
