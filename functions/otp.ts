import { step } from "../lib/flow/step.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { OtpBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `POST /flows/{flowId}/otp`: checks a one-time passcode. */
export const otp = flowEndpoint({
  name: "otp",
  body: OtpBody,
  run: (flows, { body, ...call }) => step(flows, { ...call, command: { step: "otp", ...body } }),
});

export const handler = lambda(otp, live);
