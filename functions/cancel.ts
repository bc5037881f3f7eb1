import { cancel as run } from "../lib/flow/cancel.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { flowOperation } from "../lib/operation/operation.ts";

/** `DELETE /flows/{flowId}`: forgets a flow. */
export const operation = flowOperation({
  name: "cancel",
  body: NoBody,
  run: (flows, _, request) => run(flows, request),
});

export const handler = lambda(operation, live);
