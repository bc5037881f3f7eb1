import { recoveryCode as definition } from "../lib/flow/steps/recovery-code.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/recovery-code`: has another code sent for a forgotten password. */
export const operation = stepOperation(definition, NoBody);

export const handler = lambda(operation, live);
