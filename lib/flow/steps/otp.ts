import { defineStep } from "../step-definition.ts";

/** Checks a one-time passcode. */
export const otp = defineStep({
  name: "otp",
  call: { kind: "action", action: "otp.check", body: ({ otp }: { otp: string }) => ({ otp }) },
  members: { otp: "secret" },
  countsAttempt: true,
  triesCredential: true,
  sendsMessage: false,
  rejections: [{ code: "INVALID_OTP" }, { code: "INVALID_VALUE", target: "otp" }],
  rejection: ({ attemptsRemaining }) => ({ error: "otp-rejected", attemptsRemaining }),
  objection: (body, { details: { otpLength } }) =>
    otpLength === undefined || body.otp.length === otpLength
      ? undefined
      : { error: "request-invalid", fields: [{ name: "otp", reason: "malformed" }] },
});
