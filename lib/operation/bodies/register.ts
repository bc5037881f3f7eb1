import * as z from "zod/mini";
import { Email, NewPassword, Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/register`. */
export const RegisterBody = z.strictObject({ username: Username, email: Email, password: NewPassword });
