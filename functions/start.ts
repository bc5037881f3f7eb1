import { start as run } from "../lib/flow/start.ts";
import { lambda, startEndpoint } from "../lib/http/endpoint.ts";
import { StartBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `POST /flows`: starts a flow with PingOne. */
export const start = startEndpoint({
  name: "start",
  body: StartBody,
  run: (flows, { body, device, trace }) => run(flows, { ...body, device, trace }),
});

export const handler = lambda(start, live);
