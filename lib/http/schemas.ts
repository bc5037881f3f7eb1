import * as z from "zod";

/** How the flow token travels: in the bodies of replies, or as a cookie. */
export const TokenDelivery = z.enum(["body", "cookie"]);

/** A flow token: 256 bits in base64url. */
export const FlowToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The `Authorization` header (RFC 6750 §2.1) with a flow token. */
export const BearerToken = z
  .string()
  .regex(/^bearer +[A-Za-z0-9_-]{43}$/i)
  .transform((header) => header.slice(-43));
