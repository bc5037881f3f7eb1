import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import { quotaExceeded, unknownDevice } from "../objections.ts";
import { selectDevice } from "../steps.ts";

/** Chooses the device to go on with; the one that is chosen already is sent a new code. */
export const action = defineAction({
  name: "device.select",
  offeredIn: [
    "DEVICE_SELECTION_REQUIRED",
    "OTP_REQUIRED",
    "ASSERTION_REQUIRED",
    "PUSH_CONFIRMATION_REQUIRED",
    "PUSH_CONFIRMATION_TIMED_OUT",
  ],
  body: z.strictObject({
    device: z.strictObject({ id: z.string().min(1) }),
    compatibility: z.enum(["FULL", "SECURITY_KEY_ONLY", "NONE"]).optional(),
  }),
  perform: (world, flow, { device: { id } }) => {
    const device = flow.account?.devices.find((candidate) => candidate.id === id && candidate.usable);
    if (device === undefined) return refused(unknownDevice());
    const until = device.lock.lockedUntil();
    if (until > 0) return refused(quotaExceeded(world, until));
    selectDevice(world, flow, device);
    return done;
  },
});
