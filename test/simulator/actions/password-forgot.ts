import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { RECOVERY_LIFE_MS, sendLetterCode } from "../letter-codes.ts";
import { notUsable } from "../objections.ts";
import { because } from "../reason.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({ username: z.string().min(1) });

/** Sends a code with which a forgotten password can be replaced. */
export const action = defineAction({
  name: "password.forgot",
  offeredIn: ["USERNAME_PASSWORD_REQUIRED"],
  isSelfService: true,
  body,
  perform: forgetPassword,
});

function forgetPassword(world: World, flow: Flow, { username }: z.infer<typeof body>): Outcome {
  const account = world.accounts.get(username);
  if (world.switches.unknownName === "notFound") {
    const message = "The requested resource was not found.";
    if (account === undefined) {
      return refused({ ...because({ code: "NOT_FOUND", message }), code: "NOT_FOUND", status: 404 });
    }
    if (!account.person.enabled) return refused(notUsable());
  }
  flow.username = username;
  flow.account = account?.person.enabled === true ? account : undefined;
  flow.status = "RECOVERY_CODE_REQUIRED";
  sendLetterCode(world, flow, RECOVERY_LIFE_MS);
  return done;
}
