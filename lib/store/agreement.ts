import { agree, publicKeyOf, x25519KeyBytes } from "../x25519.ts";
import type { Random } from "./seal.ts";

/**
 * A secret that only the owner of a key pair can make again, from its private key and `ephemeral`:
 * X25519 with a key pair that is drawn for it and forgotten (RFC 7748 §6.1). Both public keys are
 * part of the secret.
 *
 * @param publicKey X25519, 32 bytes
 * @throws RangeError for a point of low order, which agrees on zero with everybody
 */
export function secretFor(
  publicKey: Uint8Array,
  random: Random,
): { readonly secret: Uint8Array; readonly ephemeral: Uint8Array } {
  const drawn = random(x25519KeyBytes);
  const ephemeral = publicKeyOf(drawn);
  const agreed = agree(drawn, publicKey);
  if (agreed === undefined) throw new RangeError("Nothing secret can be agreed on with this public key.");
  return { secret: Buffer.concat([agreed, ephemeral, publicKey]), ephemeral };
}

/**
 * The secret that {@link secretFor} gave for the public key of this private key; nothing for an `ephemeral`
 * that it never gives.
 *
 * @param privateKey X25519, 32 bytes
 */
export function secretOf(privateKey: Uint8Array, ephemeral: Uint8Array): Uint8Array | undefined {
  const agreed = agree(privateKey, ephemeral);
  return agreed && Buffer.concat([agreed, ephemeral, publicKeyOf(privateKey)]);
}
