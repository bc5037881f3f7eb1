import { defineStep } from "../step-definition.ts";
import { nameRejections } from "./name-rejections.ts";

/** Checks a user name and its password. */
export const password = defineStep({
  name: "password",
  call: {
    kind: "action",
    action: "usernamePassword.check",
    body: ({ username, password }: { username: string; password: string }) => ({ username, password }),
  },
  members: { username: "person", password: "secret" },
  countsAttempt: true,
  triesCredential: true,
  failureIsProof: true,
  sendsMessage: true,
  rejections: nameRejections,
  rejection: () => ({ error: "credentials-rejected" }),
});
