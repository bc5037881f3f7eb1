import { step } from "../lib/flow/step.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { DeviceBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `POST /flows/{flowId}/device`: chooses the device to go on with; the same device again resends its code. */
export const device = flowEndpoint({
  name: "device",
  body: DeviceBody,
  run: (flows, { body, ...call }) => step(flows, { ...call, command: { step: "device", ...body } }),
});

export const handler = lambda(device, live);
