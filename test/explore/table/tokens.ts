import { createHash } from "node:crypto";

/** Gives so many bytes; a test's are random, an exploration's say who drew them and when. */
export type Draw = (size: number) => Uint8Array;

/** A flow token, as a client carries it and as it is known. */
export interface Token {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** SHA-256, in hexadecimal digits. */
  readonly hash: string;
}

const tokenBytes = 32;
const known = new Map<string, Token | undefined>();

/** Draws a token. */
export function drawToken(draw: Draw): Token {
  const text = Buffer.from(draw(tokenBytes)).toString("base64url");
  const token = tokenIn(text);
  if (token === undefined) throw new Error("A token has 256 bits.");
  return token;
}

/** The token that a text is, or nothing for a text that no token has. */
export function tokenIn(text: string): Token | undefined {
  if (!known.has(text)) known.set(text, readToken(text));
  return known.get(text);
}

function readToken(text: string): Token | undefined {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length !== tokenBytes || bytes.toString("base64url") !== text) return undefined;
  return { text, bytes, hash: createHash("sha256").update(bytes).digest("hex") };
}

/** The hash of a token, as somebody else gives it. */
export function hashIn(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A random UUID's form (version 4) of 16 drawn bytes. */
export function drawId(draw: Draw): string {
  const bytes = Buffer.from(draw(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The id and the first token of a flow that is started under a key. */
export function startOf(environment: string, key: string, canonical: string): { id: string; token: Token } {
  const bytesOf = (...texts: readonly string[]) => Buffer.from(digest(...texts), "hex");
  const token = tokenIn(bytesOf("start token", environment, key, canonical).toString("base64url"));
  if (token === undefined) throw new Error("A token has 256 bits.");
  return { id: drawId((size) => bytesOf("start id", environment, key).subarray(0, size)), token };
}

/** Tells one request of a token's holder from another. */
export function digestOf(token: Token, canonical: string): string {
  return digest("digest", token.text, canonical);
}

/** What a kept reply is locked with: only the token together with its request makes it. */
export function replyKey(token: Token, requestDigest: string): string {
  return digest("reply", token.text, requestDigest);
}

/** Tells the request that bought a reply from others. */
export function checkOf(key: string): string {
  return digest("check", key);
}

const digests = new Map<string, string>();

function digest(...texts: readonly string[]): string {
  const text = JSON.stringify(texts);
  const made = digests.get(text) ?? createHash("sha256").update(text).digest("hex");
  digests.set(text, made);
  return made;
}
