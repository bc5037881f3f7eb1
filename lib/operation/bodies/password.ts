import * as z from "zod/mini";
import { Password, Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/password`. */
export const PasswordBody = z.strictObject({ username: Username, password: Password });
