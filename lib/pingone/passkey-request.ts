import * as z from "zod/mini";
import type { PasskeyRequest } from "../flow/passkey.ts";
import { ifFit } from "./if-fit.ts";

/** Of credential ids (https://www.w3.org/TR/webauthn-3/#credential-id); a challenge is far shorter. */
const maxBytes = 1023;
/** PingOne pairs 15 devices at most (docs/pingone.md §8.2). */
const maxCredentials = 64;

/**
 * Bytes come as signed numbers, in base64url or in base64, with or without padding (docs/pingone.md §3.6).
 */
const Bytes = z.union([
  z.pipe(
    z.array(z.int().check(z.minimum(-128), z.maximum(255))).check(z.minLength(1), z.maxLength(maxBytes)),
    z.transform(fromNumbers),
  ),
  z.pipe(
    z.string().check(z.maxLength(2 * maxBytes), z.regex(/^[A-Za-z0-9+/_-]{2,}={0,2}$/)),
    z.transform(fromText),
  ),
]);

const Descriptor = z.object({
  type: z.literal("public-key"),
  id: Bytes,
  transports: ifFit(z.array(z.string().check(z.regex(/^[a-z-]{1,32}$/))).check(z.maxLength(16))),
});

const Options = z.object({
  challenge: Bytes,
  timeout: ifFit(z.int().check(z.minimum(1), z.maximum(3_600_000))),
  rpId: ifFit(z.string().check(z.regex(/^[a-z0-9.-]{1,253}$/))),
  allowCredentials: ifFit(
    z.pipe(
      z.array(z.unknown()).check(z.maxLength(maxCredentials)),
      z.transform((all: unknown[]) => all.flatMap((one) => Descriptor.safeParse(one).data ?? [])),
    ),
  ),
  userVerification: ifFit(z.enum(["discouraged", "preferred", "required"])),
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

function fromNumbers(numbers: number[]): string {
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
