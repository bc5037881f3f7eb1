import * as z from "zod";
import type { PasskeyRequest } from "../flow/passkey.ts";

/** Of credential ids (https://www.w3.org/TR/webauthn-3/#credential-id); a challenge is far shorter. */
const maxBytes = 1023;
/** PingOne pairs 15 devices at most (docs/pingone.md §8.2). */
const maxCredentials = 64;

/**
 * Bytes come as signed numbers, in base64url or in base64, with or without padding (docs/pingone.md §3.6).
 */
const Bytes = z
  .union([
    z.array(z.int().min(-128).max(255)).min(1).max(maxBytes).transform(fromNumbers),
    z
      .string()
      .max(2 * maxBytes)
      .regex(/^[A-Za-z0-9+/_-]+={0,2}$/)
      .transform(fromText),
  ])
  .refine((text) => text !== "");

const Descriptor = z.object({
  type: z.literal("public-key"),
  id: Bytes,
  transports: z
    .array(z.string().regex(/^[a-z-]{1,32}$/))
    .max(16)
    .optional()
    .catch(undefined),
});

const Options = z.object({
  challenge: Bytes,
  timeout: z.int().min(1).max(3_600_000).optional().catch(undefined),
  rpId: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/)
    .optional()
    .catch(undefined),
  allowCredentials: z
    .array(z.unknown())
    .max(maxCredentials)
    .transform((all) => all.flatMap((one) => Descriptor.safeParse(one).data ?? []))
    .optional()
    .catch(undefined),
  userVerification: z.enum(["discouraged", "preferred", "required"]).optional().catch(undefined),
});

/**
 * What a passkey has to sign, in the form that browsers take. Extensions are left out: none is known of
 * PingOne's.
 *
 * @param told PingOne's `publicKeyCredentialRequestOptions`: a text of JSON (docs/pingone.md §3.6)
 * @returns nothing for what can't be read
 */
export function readPasskeyRequest(told: unknown): PasskeyRequest | undefined {
  return Options.safeParse(typeof told === "string" ? jsonOf(told) : told).data;
}

function fromNumbers(numbers: readonly number[]): string {
  return Buffer.from(numbers).toString("base64url");
}

function fromText(text: string): string {
  return Buffer.from(text, "base64url").toString("base64url");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
