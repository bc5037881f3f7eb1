import { defineStep } from "../step-definition.ts";

/**
 * Redeems the authorization code of a flow that has been resumed. What PingOne gives is passed on and kept
 * nowhere: a repetition can't have it again.
 */
export const token = defineStep({
  name: "token",
  call: {
    kind: "exchange",
    codeVerifier: ({ codeVerifier }: { codeVerifier: string }) => codeVerifier,
  },
  members: { codeVerifier: "secret" },
  offeredIn: ["RESUMED"],
  needs: "clientAuthentication",
  forWorkflows: false,
  countsAttempt: false,
  triesCredential: false,
  sendsMessage: false,
  rejections: [],
  // A verifier of another challenge is seen here, and costs nothing.
  rejection: () => ({
    error: "request-invalid",
    fields: [{ name: "codeVerifier", reason: "malformed" }],
  }),
});
