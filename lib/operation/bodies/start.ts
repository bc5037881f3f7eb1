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
  /** A JWS in compact form (RFC 7515 §7.1). */
  idToken: z.optional(
    z.string().check(z.maxLength(4_096), z.regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)),
  ),
  /** Seconds: a year at most. */
  maxAge: z.optional(z.int().check(z.minimum(0), z.maximum(31_536_000))),
});
