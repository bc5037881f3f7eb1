import type { Call } from "../../lib/pingone/responses.ts";

/** Every kind of call to PingOne. */
export const calls = {
  start: { kind: "start", spends: false },
  startWithHint: { kind: "start", spends: true },
  lookup: { kind: "action", step: "lookup" },
  password: { kind: "action", step: "password" },
  otp: { kind: "action", step: "otp" },
  device: { kind: "action", step: "device" },
  read: { kind: "read", step: "password" },
  poll: { kind: "read", step: "poll" },
  resume: {
    kind: "resume",
    state: "s",
    redirectUri: "https://app.example/cb",
    baseUrl: "https://auth.example/env",
  },
} as const satisfies Record<string, Call>;
