import * as z from "zod/mini";

/** Body of `POST /flows/{flowId}/token`. */
export const TokenBody = z.strictObject({
  /** RFC 7636 §4.1. */
  codeVerifier: z.string().check(z.regex(/^[A-Za-z0-9._~-]{43,128}$/)),
});
