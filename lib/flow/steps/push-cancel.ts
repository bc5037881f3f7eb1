import { defineStep } from "../step-definition.ts";

/** Gives a push up that waits for its answer, so that another device can be chosen. */
export const pushCancel = defineStep<"push-cancel", Record<never, never>>({
  name: "push-cancel",
  call: { kind: "action", action: "cancel.push.authentication", body: () => ({ reason: "CHANGE_DEVICE" }) },
  members: {},
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: false,
  // PingOne may take none for a device whose app can't be told (docs/pingone.md §3.5 (6)).
  rejections: [{ code: "INVALID_VALUE" }],
  rejection: () => ({ error: "request-invalid", fields: [{ name: "body", reason: "unknown" }] }),
});
