import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import { because, endingBecause } from "../reason.ts";
import { complete } from "../steps.ts";

/** Accepts the agreement, or refuses it, which ends the flow. */
export const action = defineAction({
  name: "user.consent",
  offeredIn: ["AGREEMENT_CONSENT_REQUIRED"],
  body: z.strictObject({ accept: z.boolean() }),
  perform: (world, flow, { accept }) => {
    const { account } = flow;
    if (!accept || account === undefined) {
      return refused(
        world.switches.refusedConsent === "FAILED"
          ? endingBecause("CONSENT_DENIED", "The user did not accept the agreement.")
          : because({
              code: "INVALID_VALUE",
              target: "accept",
              message: "The agreement has to be accepted.",
            }),
      );
    }
    flow.isAsked = true;
    complete(world, flow, account);
    return done;
  },
});
