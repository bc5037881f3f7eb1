import * as z from "zod/mini";
import { Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/password-forgot`. */
export const PasswordForgotBody = z.strictObject({ username: Username });
