import * as z from "zod";
import { defineAction, done } from "../action.ts";

/** Gives a push up, so that another device can be chosen. */
export const action = defineAction({
  name: "cancel.push.authentication",
  offeredIn: ["PUSH_CONFIRMATION_REQUIRED"],
  body: z.strictObject({ reason: z.literal("CHANGE_DEVICE") }),
  perform: (_world, flow) => {
    flow.status = "DEVICE_SELECTION_REQUIRED";
    flow.pushSentAt = undefined;
    flow.selected = undefined;
    return done;
  },
});
