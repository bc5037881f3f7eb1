import { cancel as run } from "../lib/flow/cancel.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { NoBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `DELETE /flows/{flowId}`: forgets a flow. */
export const cancel = flowEndpoint({ name: "cancel", body: NoBody, run });

export const handler = lambda(cancel, live);
