import { defineStep } from "../step-definition.ts";
import { choiceProblem, newPasswordReasons } from "./new-password.ts";

/** Puts a new password in the place of a forgotten one. The code that was sent proves the person. */
export const passwordRecover = defineStep({
  name: "password-recover",
  call: {
    kind: "action",
    action: "password.recover",
    body: ({ recoveryCode, newPassword }: { recoveryCode: string; newPassword: string }) => ({
      recoveryCode,
      newPassword,
    }),
  },
  members: { recoveryCode: "secret", newPassword: "secret" },
  countsAttempt: true,
  triesCredential: true,
  // What comes next may be a code.
  sendsMessage: true,
  failureIsProof: true,
  rejections: [
    { code: "INVALID_VALUE", target: "recoveryCode" },
    { code: "ACCOUNT_NOT_USABLE" },
    ...newPasswordReasons("newPassword"),
  ],
  rejection: (told) => choiceProblem(told, { error: "otp-rejected" }),
});
