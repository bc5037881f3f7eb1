import { otp as definition } from "../lib/flow/steps/otp.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { OtpBody } from "../lib/operation/bodies/otp.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/otp`: checks a one-time passcode. */
export const otp = stepOperation(definition, OtpBody);

export const handler = lambda(otp, live);
