import { defineStep } from "../step-definition.ts";
import { nameRejections } from "./name-rejections.ts";

/** Names the person; what comes next is PingOne's choice, and may be a code that is sent. */
export const lookup = defineStep({
  name: "lookup",
  call: {
    kind: "action",
    action: "user.lookup",
    body: ({ username }: { username: string }) => ({ username }),
  },
  members: { username: "person" },
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: true,
  decoy: { status: "OTP_REQUIRED", actions: ["otp.check", "device.select"], shows: ["selectedDevice"] },
  // It is the name that PingOne does not find: of the flow itself nobody has asked yet.
  rejections: [...nameRejections, { code: "NOT_FOUND" }],
  rejection: () => ({ error: "credentials-rejected" }),
});
