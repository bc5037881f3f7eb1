import * as z from "zod/mini";

/** Body of `POST /tokens`. */
export const RefreshBody = z.strictObject({
  application: z.string().check(z.minLength(1), z.maxLength(64)),
  /** RFC 6749 appendix A.17. */
  refreshToken: z.string().check(z.maxLength(4_096), z.regex(/^[\x20-\x7e]+$/)),
});
