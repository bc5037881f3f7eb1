import { step } from "../lib/flow/step.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { LookupBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `POST /flows/{flowId}/lookup`: looks a person up by name; under a passwordless policy this sends the code. */
export const lookup = flowEndpoint({
  name: "lookup",
  body: LookupBody,
  run: (flows, { body, ...call }) => step(flows, { ...call, command: { step: "lookup", ...body } }),
});

export const handler = lambda(lookup, live);
