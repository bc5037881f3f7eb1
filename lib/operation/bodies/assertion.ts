import * as z from "zod/mini";
import { originOf } from "../../flow/passkey.ts";

/** Bytes in base64url without padding, as browsers write them: so many characters at most. */
function bytes(most: number) {
  return z.string().check(z.maxLength(most), z.regex(/^[A-Za-z0-9_-]+$/));
}

/** 1,023 bytes at most: https://www.w3.org/TR/webauthn-3/#credential-id */
const CredentialId = bytes(1_364);

/**
 * `AuthenticationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it. Browsers add members by and by,
 * so what PingOne doesn't want is left out and not refused.
 */
const Assertion = z
  .object({
    id: CredentialId,
    rawId: CredentialId,
    type: z.literal("public-key"),
    response: z.object({
      clientDataJSON: bytes(4_096),
      authenticatorData: bytes(4_096),
      signature: bytes(8_192),
      /** 64 bytes at most: https://www.w3.org/TR/webauthn-3/#user-handle */
      userHandle: z.nullish(bytes(86)),
    }),
  })
  .check(
    z.refine((assertion) => originOf(assertion) !== undefined, { path: ["response", "clientDataJSON"] }),
  );

/** Body of `POST /flows/{flowId}/assertion`. */
export const AssertionBody = z.strictObject({ assertion: Assertion });
