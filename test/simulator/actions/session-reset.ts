import * as z from "zod";
import { defineAction, done } from "../action.ts";

/** Takes the flow back to where it began: "this is not me". */
export const action = defineAction({
  name: "session.reset",
  offeredIn: ["USERNAME_PASSWORD_REQUIRED", "PASSWORD_REQUIRED"],
  body: z.strictObject({}),
  perform: (_world, flow) => {
    flow.status = flow.request.policy.start;
    flow.username = undefined;
    flow.account = undefined;
    flow.amr = [];
    return done;
  },
});
