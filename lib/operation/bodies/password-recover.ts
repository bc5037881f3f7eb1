import * as z from "zod/mini";
import { LetterCode } from "./passcode.ts";
import { NewPassword } from "./texts.ts";

/** Body of `POST /flows/{flowId}/password-recover`. */
export const PasswordRecoverBody = z.strictObject({ recoveryCode: LetterCode, newPassword: NewPassword });
