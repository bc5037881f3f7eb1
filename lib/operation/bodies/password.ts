import * as z from "zod/mini";
import { longest } from "./longest.ts";
import { Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/password`. */
export const PasswordBody = z.strictObject({
  username: Username,
  password: z.string().check(z.minLength(1), longest(1024)),
});
