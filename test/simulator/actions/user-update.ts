import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import { because } from "../reason.ts";
import { complete } from "../steps.ts";

/**
 * Takes the attributes that the policy asks for: the nickname is required, and a city begins with a letter.
 */
export const action = defineAction({
  name: "user.update",
  offeredIn: ["PROFILE_DATA_REQUIRED"],
  body: z.strictObject({
    nickname: z.string().optional(),
    address: z.strictObject({ locality: z.string().optional() }).optional(),
  }),
  perform: (world, flow, { nickname, address }) => {
    const { account } = flow;
    if (account === undefined || nickname === undefined) {
      return refused(because({ code: "REQUIRED_VALUE", target: "nickname", message: "Is required." }));
    }
    if (!/^\p{L}/u.test(address?.locality ?? "a")) {
      return refused(
        because({ code: "INVALID_VALUE", target: "address.locality", message: "Is not valid." }),
      );
    }
    flow.isAsked = true;
    complete(world, flow, account);
    return done;
  },
});
