import { status as run } from "../lib/flow/status.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { flowOperation } from "../lib/operation/operation.ts";

/** `GET /flows/{flowId}`: tells where a flow stands. */
export const operation = flowOperation({
  name: "status",
  body: NoBody,
  run: (flows, _, request) => run(flows, request),
});

export const handler = lambda(operation, live);
