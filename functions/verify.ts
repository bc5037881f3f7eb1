import { verify as definition } from "../lib/flow/steps/verify.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { VerifyBody } from "../lib/operation/bodies/verify.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/verify`: checks the code sent to a new person's address. */
export const operation = stepOperation(definition, VerifyBody);

export const handler = lambda(operation, live);
