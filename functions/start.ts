import { start as run } from "../lib/flow/start.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { StartBody } from "../lib/operation/bodies/start.ts";
import { onceFor, startOperation } from "../lib/operation/operation.ts";

/** `POST /flows`: starts a flow with PingOne. */
export const operation = startOperation({
  name: "start",
  body: StartBody,
  run: (flows, body, { once, ...request }) => run(flows, { ...body, ...request, once: onceFor(body, once) }),
});

export const handler = lambda(operation, live);
