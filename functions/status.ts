import { status as run } from "../lib/flow/status.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { NoBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `GET /flows/{flowId}`: tells where a flow stands. */
export const status = flowEndpoint({ name: "status", body: NoBody, run });

export const handler = lambda(status, live);
