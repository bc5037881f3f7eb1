import { verificationCode as definition } from "../lib/flow/steps/verification-code.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/verification-code`: has another code sent to a new person's address. */
export const operation = stepOperation(definition, NoBody);

export const handler = lambda(operation, live);
