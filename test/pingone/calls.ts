import { clientSteps } from "../../lib/flow/steps.ts";
import type { Call } from "../../lib/pingone/responses.ts";
import { resumeCall } from "../../lib/pingone/resume.ts";
import { byName } from "../support/by-name.ts";

/** Every kind of call to PingOne. */
export const calls = {
  start: { kind: "start", spends: false },
  startWithHint: { kind: "start", spends: true },
  ...byName(clientSteps, (step) => ({ kind: "action", step }) as const),
  read: { kind: "read", step: "password" },
  poll: { kind: "read", step: "poll" },
  resume: resumeCall({
    state: "s",
    redirectUri: "https://app.example/cb",
    baseUrl: "https://auth.example/env",
  }),
} as const satisfies Record<string, Call>;
