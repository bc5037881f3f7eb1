import * as z from "zod";

/** Body of `POST /flows/{flowId}/otp`. */
export const OtpBody = z.strictObject({ otp: z.string().regex(/^\d{4,10}$/) });
