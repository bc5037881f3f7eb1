import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64url, toBase64url, utf8Text } from "../../lib/client/bytes.ts";

const bytes = fc.uint8Array({ maxLength: 70 });

describe("base64url", () => {
  it("is what Node makes of the same bytes", async () => {
    await fc.assert(
      fc.property(bytes, (some) => {
        expect(toBase64url(some)).toBe(Buffer.from(some).toString("base64url"));
      }),
    );
  });

  it("is read back, and so is base64 with its padding", async () => {
    await fc.assert(
      fc.property(bytes, (some) => {
        expect(fromBase64url(toBase64url(some))).toEqual(some);
        expect(fromBase64url(Buffer.from(some).toString("base64"))).toEqual(some);
      }),
    );
  });
});

describe("UTF-8", () => {
  it("is read as Node reads it", async () => {
    await fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(utf8Text(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });

  it("is refused where the bytes are none", () => {
    expect(() => utf8Text(Uint8Array.of(0xff))).toThrow(URIError);
  });
});
