import { device as definition } from "../lib/flow/steps/device.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { DeviceBody } from "../lib/operation/bodies/device.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/**
 * `POST /flows/{flowId}/device`: chooses the device to go on with; the same device again resends its code.
 */
export const operation = stepOperation(definition, DeviceBody);

export const handler = lambda(operation, live);
