import { defineStep } from "../step-definition.ts";
import { choiceProblem, newPasswordReasons } from "./new-password.ts";

/** Puts a new password in the place of one that has expired or was only lent. */
export const passwordChange = defineStep({
  name: "password-change",
  call: {
    kind: "action",
    action: "password.reset",
    body: ({ currentPassword, newPassword }: { currentPassword: string; newPassword: string }) => ({
      currentPassword,
      newPassword,
    }),
  },
  members: { currentPassword: "secret", newPassword: "secret" },
  countsAttempt: true,
  triesCredential: true,
  // What comes next may be a code.
  sendsMessage: true,
  failureIsProof: true,
  rejections: [
    { code: "INVALID_VALUE", target: "currentPassword" },
    { code: "INVALID_CREDENTIALS" },
    { code: "NO_PASSWORD" },
    { code: "ACCOUNT_NOT_USABLE" },
    ...newPasswordReasons("newPassword"),
  ],
  rejection: (told) => choiceProblem(told, { error: "credentials-rejected" }),
});
