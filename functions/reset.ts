import { reset as definition } from "../lib/flow/steps/reset.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/reset`: takes the flow back to where it began, with nobody named. */
export const operation = stepOperation(definition, NoBody);

export const handler = lambda(operation, live);
