import { idAmong } from "../ids.ts";
import type { FlowProblem } from "../problems.ts";
import { defineStep, type FlowKnowledge } from "../step-definition.ts";

const notOffered: FlowProblem = {
  error: "request-invalid",
  fields: [{ name: "deviceId", reason: "unknown" }],
};

/** Chooses the device that proves the person; the one that is chosen already is sent its code again. */
export const device = defineStep({
  name: "device",
  call: {
    kind: "action",
    action: "device.select",
    body: ({ deviceId }: { deviceId: string }) => ({ device: { id: deviceId } }),
  },
  members: { deviceId: "device" },
  countsAttempt: true,
  triesCredential: false,
  sendsMessage: true,
  rejections: [{ code: "INVALID_VALUE" }],
  rejection: () => notOffered,
  objection: ({ deviceId }, flow) => (isOffered(deviceId, flow) ? undefined : notOffered),
});

/**
 * Whether a device may be asked for: where PingOne named none, any; not where the person is yet to be proved.
 */
function isOffered(deviceId: string, { details, standing }: FlowKnowledge): boolean {
  const { devices, selectedDevice } = details;
  if (devices === undefined && standing === undefined) return true;
  const chosen = standing === undefined || selectedDevice === undefined ? [] : [selectedDevice];
  return idAmong([...(devices ?? []).map(({ id }) => id), ...chosen], deviceId) !== undefined;
}
