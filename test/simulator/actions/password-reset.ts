import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { lockedOut } from "../objections.ts";
import { againstPassword, chooserOf, takePassword } from "../password-policy.ts";
import { because, together } from "../reason.ts";
import { afterPassword, againstGoingOn } from "../steps.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({ currentPassword: z.string().min(1), newPassword: z.string().min(1) });

/** Puts a new password in the place of one that has expired or was only lent. */
export const action = defineAction({
  name: "password.reset",
  offeredIn: ["PASSWORD_EXPIRED", "MUST_CHANGE_PASSWORD"],
  body,
  perform: resetPassword,
});

function resetPassword(world: World, flow: Flow, passwords: z.infer<typeof body>): Outcome {
  const { account } = flow;
  const { currentPassword, newPassword } = passwords;
  const wrong = because({
    code: "INVALID_VALUE",
    target: "currentPassword",
    message: "The current password is not valid.",
  });
  if (account === undefined) return refused(wrong);
  if (account.lock.lockedUntil() > 0) return refused(lockedOut(world, account));
  const isWrong = account.password !== currentPassword;
  if (isWrong) account.lock.fail();
  else account.lock.reset();
  const weakness = againstPassword(newPassword, chooserOf(account), "newPassword");
  const fault = together(isWrong ? wrong : undefined, weakness);
  if (fault !== undefined) return refused(fault);
  takePassword(account, newPassword);
  const reason = againstGoingOn(flow, account);
  if (reason !== undefined) return refused(reason);
  afterPassword(world, flow, account);
  return done;
}
