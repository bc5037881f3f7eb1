import { consent as definition } from "../lib/flow/steps/consent.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { ConsentBody } from "../lib/operation/bodies/consent.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/consent`: accepts an agreement, or refuses it, which ends the flow. */
export const operation = stepOperation(definition, ConsentBody);

export const handler = lambda(operation, live);
