import * as z from "zod/mini";
import { longest } from "./longest.ts";
import { Username } from "./texts.ts";

/** Body of `POST /flows`. */
export const StartBody = z.strictObject({
  /** `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2): always 43 characters. */
  codeChallenge: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  application: z.optional(z.string().check(z.minLength(1), longest(64))),
  policy: z.optional(z.string().check(z.minLength(1), longest(256))),
  nonce: z.optional(z.string().check(z.maxLength(256), z.regex(/^[\x21-\x7e]+$/))),
  loginHint: z.optional(Username),
});
