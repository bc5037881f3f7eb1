import { step } from "../lib/flow/step.ts";
import { LookupBody } from "../lib/http/schemas.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { flowOperation } from "../lib/operation.ts";

/**
 * `POST /flows/{flowId}/lookup`: looks a person up by name; under a passwordless policy this sends the code.
 */
export const lookup = flowOperation({
  name: "lookup",
  body: LookupBody,
  run: (flows, body, request) => step(flows, { ...request, command: { step: "lookup", ...body } }),
});

export const handler = lambda(lookup, live);
