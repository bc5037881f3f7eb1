import { lookup as definition } from "../lib/flow/steps/lookup.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { LookupBody } from "../lib/operation/bodies/lookup.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/**
 * `POST /flows/{flowId}/lookup`: looks a person up by name; under a passwordless policy this sends the code.
 */
export const operation = stepOperation(definition, LookupBody);

export const handler = lambda(operation, live);
