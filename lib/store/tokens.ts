import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { deriveFor, type Random } from "./seal.ts";

const tokenBytes = 32;

/** Draws a flow token: 256 random bits. */
export function drawToken(random: Random): Uint8Array {
  return random(tokenBytes);
}

/** A flow token as a client carries it: base64url without padding (RFC 4648 §5), 43 characters. */
export function encodeToken(token: Uint8Array): string {
  return Buffer.from(token).toString("base64url");
}

/** The bytes of a flow token, or nothing for a text that {@link encodeToken} never gives. */
export function decodeToken(text: string): Uint8Array | undefined {
  const token = Buffer.from(text, "base64url");
  // Node skips what isn't base64url, so that many texts decode to the same bytes: only one of
  // them is the token.
  return token.length === tokenBytes && token.toString("base64url") === text ? token : undefined;
}

/** What the table keeps of a flow token: SHA-256, which is enough for 256 random bits. */
export function hashToken(token: Uint8Array): Uint8Array {
  return createHash("sha256").update(token).digest();
}

/** Whether two hashes are equal, in a time that doesn't tell where they differ. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Tells one request of a token's holder from another: HMAC-SHA256 under a key derived from the token.
 * A plain hash would give a six-digit code away to whoever reads the table and tries a million of them.
 *
 * @param canonical the request's canonical text
 */
export function requestDigest(token: Uint8Array, canonical: string): Uint8Array {
  const key = deriveFor(token, new Uint8Array(0), "digest");
  return createHmac("sha256", key).update(canonical, "utf8").digest();
}

/** The secret that a reply is sealed under: only the token together with its request makes it. */
export function replySecret(token: Uint8Array, digest: Uint8Array): Uint8Array {
  return Buffer.concat([token, digest]);
}

/**
 * Tells the request that bought a reply from any other, without opening the reply.
 *
 * @param secret from {@link replySecret}
 */
export function repetitionCheck(secret: Uint8Array): Uint8Array {
  return deriveFor(secret, new Uint8Array(0), "check");
}

/** What a start under a key is made of: the same key and request give the same again. */
export interface StartSecrets {
  readonly flowId: string;
  readonly token: Uint8Array;
}

/**
 * The id and the first token of a flow that is started under a key: HKDF-SHA256 (RFC 5869). The id is made of
 * the key alone, so that another request under it meets the flow; the token of key and request.
 *
 * @param idempotencyKey a secret of at least 128 bits
 * @param canonical the request's canonical text
 */
export function startSecrets(environment: string, idempotencyKey: string, canonical: string): StartSecrets {
  const key = Buffer.from(idempotencyKey, "utf8");
  const salt = Buffer.from(environment, "utf8");
  const digest = createHash("sha256").update(canonical, "utf8").digest();
  return {
    flowId: drawUuid((size) => deriveFor(key, salt, "start id").subarray(0, size)),
    token: deriveFor(Buffer.concat([key, digest]), salt, "start token"),
  };
}

/** A random UUID (version 4, RFC 9562 §5.4). */
export function drawUuid(random: Random): string {
  const bytes = Buffer.from(random(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
