import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";

/** The length of a private and of a public key: bytes. */
export const x25519KeyBytes = 32;

/** RFC 8410 §7: what stands before the 32 bytes of an X25519 private key in PKCS #8. */
const privateKeyHeader = Buffer.from("302e020100300506032b656e04220420", "hex");

/** RFC 8410 §4: what stands before the 32 bytes of an X25519 public key in SubjectPublicKeyInfo. */
const publicKeyHeader = Buffer.from("302a300506032b656e032100", "hex");

/** The public key of a private key (RFC 7748 §6.1): 32 bytes each. @throws an error for another length */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  const publicKey = createPublicKey(privateKeyObject(privateKey));
  return publicKey.export({ format: "der", type: "spki" }).subarray(-x25519KeyBytes);
}

/**
 * What one private key and another's public key agree on (RFC 7748 §6.1): 32 bytes; nothing for a public key
 * that is not 32 bytes long, or is a point of low order, which agrees on zero with everybody.
 *
 * @throws an error when the private key is not 32 bytes long
 */
export function agree(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  const own = privateKeyObject(privateKey);
  try {
    const key = Buffer.concat([publicKeyHeader, publicKey]);
    return diffieHellman({
      privateKey: own,
      publicKey: createPublicKey({ key, format: "der", type: "spki" }),
    });
  } catch {
    return undefined;
  }
}

function privateKeyObject(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privateKeyHeader, bytes]), format: "der", type: "pkcs8" });
}
