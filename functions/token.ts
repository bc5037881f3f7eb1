import { token as definition } from "../lib/flow/steps/token.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { TokenBody } from "../lib/operation/bodies/token.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/token`: redeems the code of a resumed flow. */
export const operation = stepOperation(definition, TokenBody);

export const handler = lambda(operation, live);
