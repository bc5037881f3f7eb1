import * as z from "zod";
import { defineAction, done } from "../action.ts";
import { sendLetterCode } from "../letter-codes.ts";

/** Sends another code to a new person's address. */
export const action = defineAction({
  name: "user.sendVerificationCode",
  offeredIn: ["VERIFICATION_CODE_REQUIRED"],
  body: z.strictObject({}),
  perform: (world, flow) => {
    sendLetterCode(world, flow, Number.POSITIVE_INFINITY);
    return done;
  },
});
