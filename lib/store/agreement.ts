import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";
import type { Random } from "./seal.ts";

const keyBytes = 32;

/** RFC 8410 §7: what stands before the 32 bytes of an X25519 private key in PKCS #8. */
const privateKeyHeader = Buffer.from("302e020100300506032b656e04220420", "hex");

/** RFC 8410 §4: what stands before the 32 bytes of an X25519 public key in SubjectPublicKeyInfo. */
const publicKeyHeader = Buffer.from("302a300506032b656e032100", "hex");

/**
 * A secret that only the owner of a key pair can make again, from its private key and `ephemeral`: X25519 with a key
 * pair that is drawn for it and forgotten (RFC 7748 §6.1). Both public keys are part of the secret.
 *
 * @param publicKey X25519, 32 bytes
 * @throws an error for one of the few public keys that agree on the same secret with everybody
 */
export function secretFor(
  publicKey: Uint8Array,
  random: Random,
): { readonly secret: Uint8Array; readonly ephemeral: Uint8Array } {
  const drawn = privateKeyOf(random(keyBytes));
  const ephemeral = publicBytes(drawn);
  return { secret: agreed(drawn, publicKey, ephemeral, publicKey), ephemeral };
}

/**
 * The secret that {@link secretFor} gave for the public key of this private key.
 *
 * @param privateKey X25519, 32 bytes
 * @param ephemeral from {@link secretFor}; nothing is returned for bytes that no key pair has
 */
export function secretOf(privateKey: Uint8Array, ephemeral: Uint8Array): Uint8Array | undefined {
  const own = privateKeyOf(privateKey);
  try {
    return agreed(own, ephemeral, ephemeral, publicBytes(own));
  } catch {
    return undefined;
  }
}

function agreed(own: KeyObject, other: Uint8Array, ephemeral: Uint8Array, receiver: Uint8Array): Uint8Array {
  const publicKey = createPublicKey({
    key: Buffer.concat([publicKeyHeader, other]),
    format: "der",
    type: "spki",
  });
  return Buffer.concat([diffieHellman({ privateKey: own, publicKey }), ephemeral, receiver]);
}

function privateKeyOf(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privateKeyHeader, bytes]), format: "der", type: "pkcs8" });
}

function publicBytes(privateKey: KeyObject): Uint8Array {
  return createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-keyBytes);
}
