import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { notUsable } from "../objections.ts";
import { because } from "../reason.ts";
import { againstMfa, beginMfa } from "../steps.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

/** Whoever has no account here and a name like that signs on at a provider (docs/pingone.md §2). */
const partnerDomain = "@partner.example";

/** Names the person. */
export const action = defineAction({
  name: "user.lookup",
  offeredIn: ["SIGN_ON_REQUIRED"],
  body: z.strictObject({ username: z.string().min(1) }),
  perform: (world, flow, { username }) => lookUp(world, flow, username),
});

/** The lookup itself; also what `login_hint` does at authorize under an MFA-only policy. */
export function lookUp(world: World, flow: Flow, username: string): Outcome {
  const account = world.accounts.get(username);
  if (flow.request.policy.password) {
    // Known or not, the answer is the same: identifier-first tells nobody who exists.
    flow.username = username;
    const isForeign = account === undefined && username.endsWith(partnerDomain);
    flow.status = isForeign ? "EXTERNAL_AUTHENTICATION_REQUIRED" : "PASSWORD_REQUIRED";
    return done;
  }
  if (account === undefined) {
    const message = "No user has this username.";
    return refused(because({ code: "INVALID_VALUE", target: "username", message }));
  }
  if (!account.person.enabled) return refused(notUsable());
  const reason = againstMfa(account);
  if (reason !== undefined) return refused(reason);
  flow.username = username;
  beginMfa(world, flow, account);
  return done;
}
