import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { because } from "../reason.ts";
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
  if (account === undefined || account.password !== currentPassword) {
    const message = "The current password is not valid.";
    return refused(because({ code: "INVALID_VALUE", target: "currentPassword", message }));
  }
  const unsatisfiedRequirements = weaknesses(passwords);
  if (unsatisfiedRequirements.length > 0) {
    const message = "The new password does not satisfy the password policy.";
    const innerError = { unsatisfiedRequirements };
    return refused(because({ code: "INVALID_VALUE", target: "newPassword", message, innerError }));
  }
  account.password = newPassword;
  account.passwordState = "OK";
  const reason = againstGoingOn(flow, account);
  if (reason !== undefined) return refused(reason);
  afterPassword(world, flow, account);
  return done;
}

function weaknesses({ currentPassword, newPassword }: z.infer<typeof body>): string[] {
  return [
    ...(newPassword.length < 8 ? ["length"] : []),
    ...(newPassword === currentPassword ? ["history"] : []),
  ];
}
