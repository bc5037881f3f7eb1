import { defineStep } from "../step-definition.ts";

/** Checks the code that was sent to the mail address of a new person. */
export const verify = defineStep({
  name: "verify",
  call: {
    kind: "action",
    action: "user.verify",
    body: ({ verificationCode }: { verificationCode: string }) => ({ verificationCode }),
  },
  members: { verificationCode: "secret" },
  countsAttempt: true,
  triesCredential: true,
  // What comes next may be a code.
  sendsMessage: true,
  // A new person has no second factor yet: where the policy wants one, the right code ends the flow.
  failureIsProof: true,
  rejections: [{ code: "INVALID_VALUE", target: "verificationCode" }, { code: "INVALID_OTP" }],
  rejection: () => ({ error: "otp-rejected" }),
});
