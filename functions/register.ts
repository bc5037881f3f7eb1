import { register as definition } from "../lib/flow/steps/register.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { RegisterBody } from "../lib/operation/bodies/register.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/register`: makes a new person. */
export const operation = stepOperation(definition, RegisterBody);

export const handler = lambda(operation, live);
