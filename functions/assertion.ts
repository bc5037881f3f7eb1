import { assertion as definition } from "../lib/flow/steps/assertion.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { AssertionBody } from "../lib/operation/bodies/assertion.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/assertion`: checks what a passkey has signed. */
export const operation = stepOperation(definition, AssertionBody);

export const handler = lambda(operation, live);
