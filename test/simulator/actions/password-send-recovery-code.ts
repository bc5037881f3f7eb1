import * as z from "zod";
import { defineAction, done } from "../action.ts";
import { RECOVERY_LIFE_MS, sendLetterCode } from "../letter-codes.ts";

/** Sends another code for a forgotten password. */
export const action = defineAction({
  name: "password.sendRecoveryCode",
  offeredIn: ["RECOVERY_CODE_REQUIRED"],
  body: z.strictObject({}),
  perform: (world, flow) => {
    sendLetterCode(world, flow, RECOVERY_LIFE_MS);
    return done;
  },
});
