import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import { isLetterCode } from "../letter-codes.ts";
import { because } from "../reason.ts";
import { afterPassword, againstGoingOn } from "../steps.ts";

/** Checks the code that was sent to a new person's address. */
export const action = defineAction({
  name: "user.verify",
  offeredIn: ["VERIFICATION_CODE_REQUIRED"],
  body: z.strictObject({ verificationCode: z.string().min(1) }),
  perform: (world, flow, { verificationCode }) => {
    const { account } = flow;
    if (account === undefined || !isLetterCode(world, flow, verificationCode)) {
      const message = "The verification code is not valid.";
      return refused(because({ code: "INVALID_VALUE", target: "verificationCode", message }));
    }
    flow.letterCode = undefined;
    const reason = againstGoingOn(flow, account);
    if (reason !== undefined) return refused(reason);
    flow.amr.push("pwd");
    afterPassword(world, flow, account);
    return done;
  },
});
