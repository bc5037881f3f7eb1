import { step } from "../lib/flow/step.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { NoBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `POST /flows/{flowId}/resume`: ends a completed flow and fetches its authorization code. */
export const resume = flowEndpoint({
  name: "resume",
  body: NoBody,
  run: (flows, { body, ...call }) => step(flows, { ...call, command: { step: "resume", ...body } }),
});

export const handler = lambda(resume, live);
