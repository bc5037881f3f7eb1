import { step } from "../lib/flow/step.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { OtpBody } from "../lib/operation/bodies/otp.ts";
import { flowOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/otp`: checks a one-time passcode. */
export const otp = flowOperation({
  name: "otp",
  body: OtpBody,
  run: (flows, body, request) => step(flows, { ...request, command: { step: "otp", ...body } }),
});

export const handler = lambda(otp, live);
