import * as z from "zod";
import { flowIdIn, type LoggedFlowId } from "../flow/log-text.ts";

/** User names are whatever the directory has: we bound the length and leave the judgement to PingOne. */
const username = z.string().min(1).max(256);

/** Body of `POST /flows`. */
export const StartBody = z.strictObject({
  /** `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2): always 43 characters. */
  codeChallenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  application: z.string().min(1).max(64).optional(),
  policy: z.string().min(1).max(256).optional(),
  nonce: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/)
    .optional(),
  loginHint: username.optional(),
});

/** How the flow token travels: in the bodies of replies, or as a cookie. */
export const TokenDelivery = z.enum(["body", "cookie"]);

/** Body of `POST /flows` as it comes over HTTP: how the token travels is no part of what is asked of PingOne. */
export const HttpStartBody = StartBody.extend({ tokenDelivery: TokenDelivery.optional() });

/** Body of `POST /flows/{flowId}/lookup`. */
export const LookupBody = z.strictObject({ username });

/** Body of `POST /flows/{flowId}/password`. */
export const PasswordBody = z.strictObject({ username, password: z.string().min(1).max(1024) });

/** Body of `POST /flows/{flowId}/otp`. */
export const OtpBody = z.strictObject({ otp: z.string().regex(/^\d{4,10}$/) });

/** Body of `POST /flows/{flowId}/device`. */
export const DeviceBody = z.strictObject({ deviceId: z.string().regex(/^[!-~]{1,128}$/) });

/** Body of the requests that carry none; an empty object will do. */
export const NoBody = z.strictObject({});

/** The `flowId` of a path: a UUID of version 4, in lower case (RFC 9562 §4). */
export const FlowId = z.custom<LoggedFlowId>(
  (value) => typeof value === "string" && flowIdIn(value) !== undefined,
);

/** A flow token: 256 bits in base64url. */
export const FlowToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The `Authorization` header (RFC 6750 §2.1) with a flow token. */
export const BearerToken = z
  .string()
  .regex(/^bearer +[A-Za-z0-9_-]{43}$/i)
  .transform((header) => header.slice(-43));
