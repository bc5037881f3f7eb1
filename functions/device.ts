import { step } from "../lib/flow/step.ts";
import { DeviceBody } from "../lib/http/schemas.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { flowOperation } from "../lib/operation.ts";

/**
 * `POST /flows/{flowId}/device`: chooses the device to go on with; the same device again resends its code.
 */
export const device = flowOperation({
  name: "device",
  body: DeviceBody,
  run: (flows, body, request) => step(flows, { ...request, command: { step: "device", ...body } }),
});

export const handler = lambda(device, live);
