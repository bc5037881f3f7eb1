import * as z from "zod";
import { Username } from "./texts.ts";

/** Body of `POST /flows`. */
export const StartBody = z.strictObject({
  /** `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2): always 43 characters. */
  codeChallenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  application: z.string().min(1).max(64).optional(),
  policy: z.string().min(1).max(256).optional(),
  nonce: z
    .string()
    .max(256)
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  loginHint: Username.optional(),
});
