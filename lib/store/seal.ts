import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Gives `size` unpredictable bytes. */
export type Random = (size: number) => Uint8Array;

/** The operating system's randomness. */
export const systemRandom: Random = (size) => randomBytes(size);

/** What a sealed value is and where it belongs: it opens nowhere else. */
export interface SealContext {
  readonly environment: string;
  readonly flowId: string;
  readonly purpose: "jar" | "reply";
  /** The format of the row that holds the value. */
  readonly version: number;
  /** Stored beside the value, and different for each value of one flow and purpose. */
  readonly counter: number;
}

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals bytes under a secret: AES-256-GCM (NIST SP 800-38D) with a key that HKDF-SHA256 (RFC 5869) derives
 * anew for every value. The format is in `docs/sealing.md`.
 *
 * @param secret high-entropy bytes; never a password
 * @returns salt, nonce, ciphertext and tag, in one piece
 */
export function seal(
  secret: Uint8Array,
  context: SealContext,
  plaintext: Uint8Array,
  random: Random = systemRandom,
): Uint8Array {
  const salt = random(saltBytes);
  const nonce = random(nonceBytes);
  const cipher = createCipheriv(algorithm, deriveKey(secret, salt, context), nonce, {
    authTagLength: tagBytes,
  });
  cipher.setAAD(additionalData(context));
  return Buffer.concat([salt, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens what {@link seal} gave, for the same secret and context. Never throws.
 *
 * @returns the bytes, or nothing when secret, context or a single bit of the value is not the one sealed
 */
export function open(secret: Uint8Array, context: SealContext, sealed: Uint8Array): Uint8Array | undefined {
  const textStart = saltBytes + nonceBytes;
  const textEnd = sealed.length - tagBytes;
  if (textEnd < textStart) return undefined;
  try {
    const key = deriveKey(secret, sealed.subarray(0, saltBytes), context);
    const nonce = sealed.subarray(saltBytes, textStart);
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(context));
    decipher.setAuthTag(sealed.subarray(textEnd));
    return Buffer.concat([decipher.update(sealed.subarray(textStart, textEnd)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * A 256-bit key for one use of a secret: HKDF-SHA256 (RFC 5869).
 *
 * @param label what the key is for; a key for one label tells nothing of a key for another
 */
export function deriveFor(secret: Uint8Array, salt: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, salt, `pingone-flow-functions ${label}`, keyBytes));
}

function deriveKey(secret: Uint8Array, salt: Uint8Array, { purpose, version }: SealContext): Uint8Array {
  return deriveFor(secret, salt, `${purpose} v${version}`);
}

function additionalData(context: SealContext): Uint8Array {
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32BE(context.version, 0);
  numbers.writeBigUInt64BE(BigInt(context.counter), 4);
  return Buffer.concat([
    ...[context.environment, context.flowId, context.purpose].flatMap(withLength),
    numbers,
  ]);
}

// Without lengths, ("ab", "c") and ("a", "bc") would be the same bytes.
function withLength(text: string): Uint8Array[] {
  const bytes = Buffer.from(text, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
