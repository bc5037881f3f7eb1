import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { secretFor, secretOf } from "../../lib/store/agreement.ts";
import { open, type SealContext, seal } from "../../lib/store/seal.ts";
import {
  decodeToken,
  drawToken,
  drawUuid,
  encodeToken,
  hashToken,
  repetitionCheck,
  replySecret,
  requestDigest,
  sameHash,
} from "../../lib/store/tokens.ts";

const Hex = z.hex().transform((text) => new Uint8Array(Buffer.from(text, "hex")));

const vectors = z
  .object({
    tokens: z.array(
      z.object({
        token: Hex,
        encoded: z.string(),
        tokenHash: Hex,
        canonical: z.string(),
        digest: Hex,
        replySecret: Hex,
        check: Hex,
      }),
    ),
    seals: z.array(
      z.object({
        name: z.string(),
        secret: Hex,
        environment: z.string(),
        flowId: z.string(),
        purpose: z.enum(["jar", "reply"]),
        version: z.number(),
        counter: z.number(),
        salt: Hex,
        nonce: Hex,
        plaintext: z.string(),
        sealed: Hex,
      }),
    ),
    agreements: z.array(
      z.object({
        name: z.string(),
        drawn: Hex,
        ephemeral: Hex,
        token: Hex,
        publicKey: Hex,
        secret: Hex,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../docs/sealing-vectors.json", import.meta.url), "utf8")));

const context: SealContext = {
  environment: "test",
  flowId: "0b9f6a52-5f3e-4d0c-8a55-0c2f6d1e7b90",
  purpose: "jar",
  version: 1,
  counter: 3,
};
const secret = new Uint8Array(32).fill(7);
const text = new TextEncoder();
const plaintext = text.encode("PingOne's session");

/** Gives the pieces one after the other, each of the length asked for. */
function draws(...pieces: readonly Uint8Array[]) {
  const left = [...pieces];
  return (size: number) => {
    const piece = left.shift();
    expect(piece).toHaveLength(size);
    return piece ?? new Uint8Array(size);
  };
}

function hex(bytes: Uint8Array | undefined) {
  return bytes && Buffer.from(bytes).toString("hex");
}

describe("the published vectors", () => {
  it.each(vectors.seals)("seals and opens $name", ({ sealed, salt, nonce, ...vector }) => {
    const bytes = text.encode(vector.plaintext);

    expect(hex(seal(vector.secret, vector, bytes, draws(salt, nonce)))).toBe(hex(sealed));
    expect(hex(open(vector.secret, vector, sealed))).toBe(hex(bytes));
  });

  it.each(vectors.tokens)("hashes $encoded and digests $canonical", (vector) => {
    const digest = requestDigest(vector.token, vector.canonical);

    expect(encodeToken(vector.token)).toBe(vector.encoded);
    expect(hex(decodeToken(vector.encoded))).toBe(hex(vector.token));
    expect(hex(hashToken(vector.token))).toBe(hex(vector.tokenHash));
    expect(hex(digest)).toBe(hex(vector.digest));
    expect(hex(replySecret(vector.token, digest))).toBe(hex(vector.replySecret));
    expect(hex(repetitionCheck(vector.replySecret))).toBe(hex(vector.check));
  });

  it.each(vectors.agreements)("agree on a secret: $name", (vector) => {
    const { secret: agreed, ephemeral } = secretFor(vector.publicKey, draws(vector.drawn));

    expect(hex(ephemeral)).toBe(hex(vector.ephemeral));
    expect(hex(agreed)).toBe(hex(vector.secret));
    expect(hex(secretOf(vector.token, vector.ephemeral))).toBe(hex(vector.secret));
  });

  it("cover both purposes and two requests of one token", () => {
    expect(new Set(vectors.seals.map(({ purpose }) => purpose))).toEqual(new Set(["jar", "reply"]));
    expect(vectors.tokens.length).toBeGreaterThan(1);
    expect(vectors.agreements.length).toBeGreaterThan(0);
  });
});

describe("open", () => {
  it("gives back whatever was sealed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 32, maxLength: 64 }),
        (a, b) => {
          expect(hex(open(b, context, seal(b, context, a)))).toBe(hex(a));
        },
      ),
      { seed: 20261122, numRuns: 100 },
    );
  });

  it("refuses a value with any byte changed", () => {
    const sealed = seal(secret, context, plaintext);
    const opened = Array.from(sealed, (_, index) =>
      open(
        secret,
        context,
        sealed.map((byte, at) => (at === index ? byte ^ 1 : byte)),
      ),
    );

    expect(opened).toEqual(Array.from(sealed, () => undefined));
  });

  it("refuses a value that was cut or added to", () => {
    const sealed = seal(secret, context, plaintext);
    const cut = Array.from(sealed, (_, length) => open(secret, context, sealed.subarray(0, length)));

    expect(cut).toEqual(Array.from(sealed, () => undefined));
    expect(open(secret, context, Buffer.concat([sealed, new Uint8Array(1)]))).toBeUndefined();
  });

  it("refuses random bytes without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(open(secret, context, bytes)).toBeUndefined();
      }),
      { seed: 20261122, numRuns: 200 },
    );
  });

  it.each<Partial<SealContext>>([
    { environment: "production" },
    { flowId: "8a5e2f2c-6f0e-4d60-9e3a-8e7f0e9f4f11" },
    { purpose: "reply" },
    { version: 2 },
    { counter: 4 },
    { counter: -1 },
    { counter: 0.5 },
  ])("refuses a value sealed for another place: %o", (other) => {
    const sealed = seal(secret, context, plaintext);

    expect(open(secret, { ...context, ...other }, sealed)).toBeUndefined();
    expect(hex(open(secret, context, sealed))).toBe(hex(plaintext));
  });

  it("tells apart contexts whose texts join to the same", () => {
    const sealed = seal(secret, { ...context, environment: "ab", flowId: "c" }, plaintext);

    expect(open(secret, { ...context, environment: "a", flowId: "bc" }, sealed)).toBeUndefined();
  });

  it("refuses another secret", () => {
    expect(open(new Uint8Array(32).fill(8), context, seal(secret, context, plaintext))).toBeUndefined();
  });
});

describe("seal", () => {
  it("never gives the same value twice, nor a trace of the text", () => {
    const values = Array.from({ length: 50 }, () => hex(seal(secret, context, plaintext)));

    expect(new Set(values).size).toBe(50);
    expect(values.filter((value) => value?.includes(hex(plaintext) ?? ""))).toEqual([]);
  });
});

describe("flow tokens", () => {
  const token = drawToken((size) => new Uint8Array(size).fill(255));

  it.each([
    ["empty", ""],
    ["short", encodeToken(token.subarray(1))],
    ["long", `${encodeToken(token)}A`],
    ["padded", `${encodeToken(token)}=`],
    ["with other last bits", encodeToken(token).replace(/.$/, "9")],
    ["in plain base64", Buffer.from(token).toString("base64")],
    ["with a blank inside", encodeToken(token).replace("_", " _")],
  ])("are known in one spelling only: not %s", (_, spelling) => {
    expect(decodeToken(spelling)).toBeUndefined();
    expect(hex(decodeToken(encodeToken(token)))).toBe(hex(token));
  });

  it("digest the same request differently", () => {
    const other = new Uint8Array(32).fill(1);

    expect(sameHash(requestDigest(token, "a"), requestDigest(token, "a"))).toBe(true);
    expect(sameHash(requestDigest(token, "a"), requestDigest(other, "a"))).toBe(false);
    expect(sameHash(requestDigest(token, "a"), requestDigest(token, "b"))).toBe(false);
    expect(sameHash(hashToken(token), hashToken(token).subarray(1))).toBe(false);
  });
});

describe("drawUuid", () => {
  it("sets version and variant and nothing else", () => {
    expect(drawUuid((size) => new Uint8Array(size))).toBe("00000000-0000-4000-8000-000000000000");
    expect(drawUuid((size) => new Uint8Array(size).fill(255))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  });
});
