import { defineStep } from "../step-definition.ts";

/** Accepts an agreement, or refuses it: PingOne then ends the flow. */
export const consent = defineStep({
  name: "consent",
  call: { kind: "action", action: "user.consent", body: ({ accept }: { accept: boolean }) => ({ accept }) },
  members: { accept: "plain" },
  countsAttempt: true,
  triesCredential: false,
  afterProof: true,
  // What the policy asks for next may be a second factor.
  sendsMessage: true,
  // A policy can leave no choice but to accept (docs/pingone.md §3.9 (6)).
  rejections: [{ code: "INVALID_VALUE" }, { code: "CONSTRAINT_VIOLATION" }],
  rejection: () => ({ error: "consent-refused" }),
  unexplained: ({ accept }) => (accept === false ? { error: "consent-refused" } : undefined),
});
