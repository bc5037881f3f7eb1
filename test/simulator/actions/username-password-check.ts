import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { lockedOut, notUsable } from "../objections.ts";
import type { Reason } from "../reason.ts";
import { because } from "../reason.ts";
import { afterPassword, againstGoingOn } from "../steps.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({ username: z.string().min(1), password: z.string().min(1) });

/** Checks a user name and its password. */
export const action = defineAction({
  name: "usernamePassword.check",
  offeredIn: ["USERNAME_PASSWORD_REQUIRED", "PASSWORD_REQUIRED"],
  body,
  perform: checkPassword,
});

function checkPassword(world: World, flow: Flow, { username, password }: z.infer<typeof body>): Outcome {
  const account = world.accounts.get(username);
  const sameName = flow.username === undefined || flow.username === username;
  if (account === undefined || !sameName) return refused(badPassword(world));
  if (account.lock.lockedUntil() > 0) return refused(lockedOut(world, account));
  if (account.password === undefined) {
    return refused(because({ code: "NO_PASSWORD", message: "The user has no password." }));
  }
  if (account.password !== password) {
    account.lock.fail();
    return refused(badPassword(world));
  }
  account.lock.reset();
  const reason = account.person.enabled ? againstGoingOn(flow, account) : notUsable();
  if (reason !== undefined) return refused(reason);
  flow.username = username;
  flow.amr.push("pwd");
  afterPassword(world, flow, account);
  return done;
}

function badPassword(world: World): Reason {
  const message = "Invalid username and/or password.";
  switch (world.switches.badPassword) {
    case "200-with-error":
      return { ...because({ code: "INVALID_CREDENTIALS", message }), sampledIn: "open-200" };
    case "400-invalid-credentials":
      return because({ code: "INVALID_CREDENTIALS", message });
    case "400-invalid-value":
      return because({ code: "INVALID_VALUE", target: "username", message, innerError: {} });
  }
}
