import { pushCancel as definition } from "../lib/flow/steps/push-cancel.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/push-cancel`: gives up a push, so that another device can be chosen. */
export const operation = stepOperation(definition, NoBody);

export const handler = lambda(operation, live);
