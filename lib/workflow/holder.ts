import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";

/**
 * Whether a secret can be agreed on with this X25519 public key: with a few of them everybody would agree on the same
 * one (RFC 7748 §6.1).
 *
 * @param publicKey 32 bytes
 */
export function isAgreeable(publicKey: Uint8Array): boolean {
  const { privateKey } = generateKeyPairSync("x25519");
  const x = Buffer.from(publicKey).toString("base64url");
  try {
    diffieHellman({
      privateKey,
      publicKey: createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" }),
    });
    return true;
  } catch {
    return false;
  }
}
