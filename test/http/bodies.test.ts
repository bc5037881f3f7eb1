import { describe, expect, it } from "vitest";
import { isGatewayEvent } from "../../lib/http/endpoint.ts";
import { parseBody } from "../../lib/http/request.ts";

const largest = 64;
const json = '{"a":"é"}';
const utf16 = Buffer.from(json, "utf16le");

function parsed(body: unknown, isBase64Encoded = false) {
  const headers = { "content-type": "application/json" };
  const event: unknown = { httpMethod: "POST", headers, requestContext: {}, body, isBase64Encoded };
  if (!isGatewayEvent(event)) throw new Error("This is no event of a gateway.");
  return parseBody(event, largest);
}

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
const notJson = { ok: false, fields: [{ name: "body", reason: "not-json" }] };

describe("a body, in whatever bytes it comes", () => {
  it.each<[string, string, boolean]>([
    ["text", json, false],
    ["text with a byte order mark", `\ufeff${json}`, false],
    ["base64", base64(json), true],
    ["base64 with a byte order mark", base64(`\ufeff${json}`), true],
    ["base64 for URLs", Buffer.from(json).toString("base64url"), true],
  ])("is read as %s", (_, body, isBase64Encoded) => {
    expect(parsed(body, isBase64Encoded)).toEqual({ ok: true, value: { a: "é" } });
  });

  it.each<[string, unknown, boolean]>([
    ["UTF-16", base64(utf16), true],
    ["UTF-16 with a byte order mark", base64(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])), true],
    ["Latin 1, which would become another password", base64(Buffer.from(json, "latin1")), true],
    ["half a character of UTF-8", base64(Buffer.from(json).subarray(0, 7)), true],
    ["two byte order marks", `\ufeff\ufeff${json}`, false],
    ["JSON with more behind it", `${json}x`, false],
    ["two texts of JSON", `${json}\n${json}`, false],
    ["JSON in base64 that nobody told of", base64(json), false],
    ["a number, in an event that somebody made up", 5, true],
    ["an object, in an event that somebody made up", { a: 1 }, false],
  ])("is no JSON in %s", (_, body, isBase64Encoded) => {
    expect(parsed(body, isBase64Encoded)).toEqual(notJson);
  });

  it.each(["", null, undefined])("is an empty object where there is none: %j", (body) => {
    for (const isBase64Encoded of [false, true]) {
      expect(parsed(body, isBase64Encoded)).toEqual({ ok: true, value: {} });
    }
  });

  it("has its bound in bytes, however it comes", () => {
    const long = `{"a":"${"é".repeat(28)}"}`;
    expect(Buffer.byteLength(long)).toBe(largest);
    expect(parsed(base64(long), true)).toMatchObject({ ok: true });
    expect(parsed(`\ufeff${long}`)).toMatchObject({ ok: true });
    for (const isBase64Encoded of [false, true]) {
      const body = isBase64Encoded ? base64(`${long} `) : `${long} `;
      expect(parsed(body, isBase64Encoded)).toEqual({
        ok: false,
        fields: [{ name: "body", reason: "too-long" }],
      });
    }
  });

  it("is neither overrun by depth nor by numbers that are none", () => {
    const deep = "[".repeat(largest / 2) + "]".repeat(largest / 2);
    expect(parsed(deep)).toMatchObject({ ok: true });
    expect(parsed('{"a":1e400}')).toEqual({ ok: true, value: { a: Number.POSITIVE_INFINITY } });
    expect(parsed('{"a":1,"a":2}')).toEqual({ ok: true, value: { a: 2 } });
  });
});
