import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { quotaExceeded, unknownDevice } from "../objections.ts";
import { because } from "../reason.ts";
import { complete, isRightCode } from "../steps.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({ otp: z.string().min(1) });

/** Checks a one-time passcode. */
export const action = defineAction({
  name: "otp.check",
  offeredIn: ["OTP_REQUIRED"],
  body,
  perform: checkOtp,
});

function checkOtp(world: World, flow: Flow, { otp }: z.infer<typeof body>): Outcome {
  const { selected, account } = flow;
  if (selected === undefined || account === undefined) return refused(unknownDevice());
  if (selected.lock.lockedUntil() > 0) return refused(quotaExceeded(world, selected.lock.lockedUntil()));
  if (!isRightCode(world, flow, otp)) {
    const attemptsRemaining = selected.lock.fail();
    const message = "The provided one-time passcode is not valid.";
    const innerError = { attemptsRemaining };
    return refused(because({ code: "INVALID_OTP", target: "otp", message, innerError }));
  }
  selected.lock.reset();
  flow.otp = undefined;
  flow.amr.push("otp");
  complete(world, flow, account);
  return done;
}
