import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { quotaExceeded, unknownDevice } from "../objections.ts";
import { assertionFault } from "../passkey.ts";
import { because } from "../reason.ts";
import { complete } from "../steps.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({
  origin: z.string().min(1),
  assertion: z.string().min(1),
  compatibility: z.enum(["FULL", "SECURITY_KEY_ONLY", "NONE"]).optional(),
});

/** Checks what a passkey has signed. */
export const action = defineAction({
  name: "assertion.check",
  offeredIn: ["ASSERTION_REQUIRED"],
  body,
  perform: checkAssertion,
});

function checkAssertion(world: World, flow: Flow, sent: z.infer<typeof body>): Outcome {
  const { selected, account, challenge } = flow;
  const passkey = selected?.passkey;
  if (selected === undefined || account === undefined || passkey === undefined || challenge === undefined) {
    return refused(unknownDevice());
  }
  if (selected.lock.lockedUntil() > 0) return refused(quotaExceeded(world, selected.lock.lockedUntil()));
  const target = assertionFault(sent, { passkeys: [passkey], challenge });
  if (target !== undefined) {
    selected.lock.fail();
    return refused(because({ code: "INVALID_VALUE", target, message: "The assertion is not valid." }));
  }
  selected.lock.reset();
  flow.challenge = undefined;
  flow.amr.push("hwk");
  complete(world, flow, account);
  return done;
}
