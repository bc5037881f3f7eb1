import { refresh as run } from "../lib/flow/refresh.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { RefreshBody } from "../lib/operation/bodies/refresh.ts";
import { flowlessOperation } from "../lib/operation/operation.ts";

/** `POST /tokens`: uses a refresh token. */
export const operation = flowlessOperation({
  name: "refresh",
  body: RefreshBody,
  run: (flows, body, request) => run(flows, { ...body, ...request }),
});

export const handler = lambda(operation, live);
