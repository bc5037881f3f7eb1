import * as z from "zod";
import { defineAction, done, refused } from "../action.ts";
import type { Flow } from "../flow.ts";
import { sendLetterCode } from "../letter-codes.ts";
import { againstPassword, newcomer } from "../password-policy.ts";
import { because, together } from "../reason.ts";
import type { Outcome } from "../telling.ts";
import type { World } from "../world.ts";

const body = z.strictObject({
  username: z.string().min(1),
  email: z.string().min(1),
  password: z.string().min(1),
});

/** Makes a new person, who has to show that the mail address is theirs. */
export const action = defineAction({
  name: "user.register",
  offeredIn: ["USERNAME_PASSWORD_REQUIRED"],
  isSelfService: true,
  body,
  perform: registerUser,
});

function registerUser(world: World, flow: Flow, given: z.infer<typeof body>): Outcome {
  const { username, email, password } = given;
  const isTaken = world.accounts.get(username) !== undefined;
  const fault = together(
    isTaken
      ? because({ code: "UNIQUENESS_VIOLATION", target: "username", message: "The username is taken." })
      : undefined,
    /^[^@]+@[^@]+$/.test(email)
      ? undefined
      : because({ code: "INVALID_VALUE", target: "email", message: "The address is not valid." }),
    againstPassword(password, newcomer, "password"),
  );
  if (fault !== undefined) return refused(fault);
  flow.username = username;
  flow.account = world.accounts.register(username, password);
  flow.status = "VERIFICATION_CODE_REQUIRED";
  sendLetterCode(world, flow, Number.POSITIVE_INFINITY);
  return done;
}
