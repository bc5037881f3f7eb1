import * as z from "zod/mini";
import { NewPassword, Password } from "./texts.ts";

/** Body of `POST /flows/{flowId}/password-change`. */
export const PasswordChangeBody = z.strictObject({ currentPassword: Password, newPassword: NewPassword });
