import * as z from "zod/mini";
import { LetterCode } from "./passcode.ts";

/** Body of `POST /flows/{flowId}/verify`. */
export const VerifyBody = z.strictObject({ verificationCode: LetterCode });
