import { assertionBody, originOf, type PasskeyAssertion } from "../passkey.ts";
import { defineStep } from "../step-definition.ts";

/** Checks what a passkey has signed. */
export const assertion = defineStep({
  name: "assertion",
  call: {
    kind: "action",
    action: "assertion.check",
    body: ({ assertion }: { assertion: PasskeyAssertion }) => assertionBody(assertion),
  },
  members: { assertion: "signed" },
  largestBody: 16 * 1024,
  countsAttempt: true,
  triesCredential: true,
  sendsMessage: false,
  rejections: [{ code: "INVALID_VALUE" }],
  rejection: () => ({ error: "assertion-rejected" }),
  // What PingOne ends the flow with when the signature is wrong is not known (docs/pingone.md §3.6 (8)).
  unexplained: () => ({ error: "assertion-rejected" }),
  objection: ({ assertion }, { application: { passkeyOrigins = [] } }) =>
    passkeyOrigins.includes(originOf(assertion) ?? "")
      ? undefined
      : {
          error: "request-invalid",
          fields: [{ name: "assertion.response.clientDataJSON", reason: "unknown" }],
        },
});
