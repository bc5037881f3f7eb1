import * as z from "zod/mini";

/** How the flow token travels: in the bodies of replies, or as a cookie. */
export const TokenDelivery = z.enum(["body", "cookie"]);

/** A flow token: 256 bits in base64url. */
export const FlowToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** The `Authorization` header (RFC 6750 §2.1) with a flow token. */
export const BearerToken = z.pipe(
  z.string().check(z.regex(/^bearer +[A-Za-z0-9_-]{43}$/i)),
  z.transform((header) => header.slice(-43)),
);
