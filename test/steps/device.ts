import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

const { devices } = people.twoDevices;

export const sample = defineSample("device", {
  rank: 30,
  aside: true,
  before: { goesOn: { policy: "Passwordless", who: people.twoDevices, way: ["lookup"] } },
  body: { deviceId: devices[1].id },
  wellFormed: () => ({ deviceId: fc.constant(devices[1].id) }),
  answer: ({ who, pick }) => ({ deviceId: pick(who.devices.length > 0 ? who.devices : devices).id }),
});
