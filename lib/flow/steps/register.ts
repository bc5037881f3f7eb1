import { defineStep } from "../step-definition.ts";
import { choiceProblem, newPasswordReasons } from "./new-password.ts";

/** What a new person gives. */
interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** Makes a new person, who may have to show then that the mail address is theirs. */
export const register = defineStep({
  name: "register",
  call: {
    kind: "action",
    action: "user.register",
    body: ({ username, email, password }: Registration) => ({ username, email, password }),
  },
  // The address comes first: it is who gets the message, and so whom the limits count.
  members: { email: "person", username: "person", password: "secret" },
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: true,
  // The person is made all the same, and is nobody's secret.
  failureIsProof: true,
  decoy: {
    status: "VERIFICATION_CODE_REQUIRED",
    actions: ["user.verify", "user.sendVerificationCode"],
    shows: [],
  },
  rejections: [
    { code: "UNIQUENESS_VIOLATION" },
    { code: "INVALID_VALUE", target: "username", means: "malformed" },
    { code: "INVALID_VALUE", target: "email", means: "malformed" },
    ...newPasswordReasons("password"),
  ],
  rejection: (told) => choiceProblem(told, { error: "name-taken" }),
});
