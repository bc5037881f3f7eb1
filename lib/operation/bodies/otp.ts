import * as z from "zod/mini";
import { Passcode } from "./passcode.ts";

/** Body of `POST /flows/{flowId}/otp`. */
export const OtpBody = z.strictObject({ otp: Passcode });
