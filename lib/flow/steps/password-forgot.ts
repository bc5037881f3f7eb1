import { defineStep } from "../step-definition.ts";
import { nameRejections } from "./name-rejections.ts";

/** Has a code sent with which a forgotten password can be replaced. Whoever is named is answered alike. */
export const passwordForgot = defineStep({
  name: "password-forgot",
  call: {
    kind: "action",
    action: "password.forgot",
    body: ({ username }: { username: string }) => ({ username }),
  },
  members: { username: "person" },
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: true,
  hidesNames: true,
  decoy: {
    status: "RECOVERY_CODE_REQUIRED",
    actions: ["password.recover", "password.sendRecoveryCode"],
    shows: ["passwordPolicy"],
  },
  // It is the name that PingOne does not find: of the flow itself nobody has asked yet.
  rejections: [...nameRejections, { code: "NOT_FOUND" }],
  rejection: () => ({ error: "credentials-rejected" }),
});
