import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { isLetterCode } from "../letter-codes.ts";
import { againstPassword, chooserOf, newcomer, takePassword } from "../password-policy.ts";
import { because, together } from "../reason.ts";
import { afterPassword, againstGoingOn } from "../steps.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({ recoveryCode: z.string().min(1), newPassword: z.string().min(1) });

/** Puts a new password in the place of a forgotten one. */
export const action = defineAction({
  name: "password.recover",
  offeredIn: ["RECOVERY_CODE_REQUIRED"],
  body,
  perform: recoverPassword,
});

function recoverPassword(world: World, flow: Flow, given: z.infer<typeof body>): Outcome {
  const { account } = flow;
  const isRight = isLetterCode(world, flow, given.recoveryCode);
  const message = "The recovery code is not valid.";
  const wrong = isRight ? undefined : because({ code: "INVALID_VALUE", target: "recoveryCode", message });
  const chooser = account === undefined ? newcomer : chooserOf(account);
  const fault = together(wrong, againstPassword(given.newPassword, chooser, "newPassword"));
  if (fault !== undefined) return refused(fault);
  if (account === undefined) return refused(because({ code: "INVALID_VALUE", message }));
  flow.letterCode = undefined;
  takePassword(account, given.newPassword);
  account.lock.reset();
  const reason = againstGoingOn(flow, account);
  if (reason !== undefined) return refused(reason);
  flow.amr.push("pwd");
  afterPassword(world, flow, account);
  return done;
}
