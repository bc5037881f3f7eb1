import { step } from "../lib/flow/step.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { flowOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/resume`: ends a completed flow and fetches its authorization code. */
export const resume = flowOperation({
  name: "resume",
  body: NoBody,
  run: (flows, _, request) => step(flows, { ...request, command: { step: "resume" } }),
});

export const handler = lambda(resume, live);
