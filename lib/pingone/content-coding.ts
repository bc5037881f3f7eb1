import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";

type Decoder = (body: Buffer, bounds: { readonly maxOutputLength: number }) => Buffer;

const gunzip: Decoder = (body, bounds) => gunzipSync(body, bounds);
/** A decoder of HTTP needs no larger window than 8 MB (RFC 9659 §3). */
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 };

/** By the coding's name (RFC 9110 §8.4.1, RFC 7932, RFC 8878), in lower case. */
const decoders: ReadonlyMap<string, Decoder> = new Map([
  ["identity", (body) => body],
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  // Some leave the zlib format off (RFC 9110 §8.4.1.2): its first byte tells (RFC 1950 §2.2).
  ["deflate", (body, bounds) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateSync : inflateRawSync)(body, bounds)],
  ["br", (body, bounds) => brotliDecompressSync(body, bounds)],
  ["zstd", (body, bounds) => zstdDecompressSync(body, { ...bounds, params: zstdParams })],
]);

/** Each may be of the full size again: no more than these in one answer. */
const maxCodings = 4;

/**
 * The body without the codings that an answer was sent in, though we ask for none; nothing where one is
 * unknown or broken, or where more would come out than may.
 *
 * @param codings the value of `Content-Encoding`: the last named was applied last (RFC 9110 §8.4)
 * @param maxBytes the most that each decoding may give
 */
export function decoded(body: Buffer, codings: string, maxBytes: number): Buffer | undefined {
  const names = codings
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  // An answer without a body often names a coding all the same.
  if (body.length === 0 || names.length === 0) return body;
  const steps = names.toReversed().map((name) => decoders.get(name));
  if (steps.length > maxCodings) return undefined;
  try {
    return steps.reduce<Buffer | undefined>(
      (packed, step) => packed && step?.(packed, { maxOutputLength: maxBytes }),
      body,
    );
  } catch {
    return undefined;
  }
}
