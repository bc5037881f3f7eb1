import { describe, expect, it } from "vitest";
import { Canaries } from "./canaries.ts";

const secret = "Sunny/Harbour+42?";
const token = Buffer.from("5e0967f4aba0479c86cffb5fe5b804d65e0967f4aba0479c86cffb5fe5b804d6", "hex");

const eachPercent = [...secret].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join("");
const eachEscaped = [...secret].map((sign) => `\\u00${sign.charCodeAt(0).toString(16)}`).join("");

const planted: readonly [string, string][] = [
  ["as it is", secret],
  ["in URL form", encodeURIComponent(secret)],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64url", Buffer.from(secret).toString("base64url")],
  ["in hex", Buffer.from(secret).toString("hex")],
  ["in base64 of something more", Buffer.from(`{"a":"${secret}"}`).toString("base64")],
  ["in URL form in base64", Buffer.from(encodeURIComponent(secret)).toString("base64url")],
  ["with each sign percent-encoded", eachPercent],
  ["with each sign percent-encoded, in capitals", eachPercent.toUpperCase()],
  ["with each sign escaped as in JSON", eachEscaped],
  ["escaped in JSON, in JSON", JSON.stringify(JSON.stringify({ text: eachEscaped }))],
  ["in UTF-16", Buffer.from(secret, "utf16le").toString("latin1")],
  ["in UTF-16, in base64", Buffer.from(secret, "utf16le").swap16().toString("base64")],
  ["in base64, in base64", Buffer.from(Buffer.from(secret).toString("base64")).toString("base64")],
  ["in hex, in URL form of JSON", encodeURIComponent(`{"a":"${Buffer.from(secret).toString("hex")}"}`)],
];

describe("the canary scan", () => {
  const canaries = new Canaries();
  canaries.add("password", secret);
  canaries.add("flow token", token);
  canaries.add("code", "123456");

  it.each(planted)("finds a secret %s", (_, text) => {
    expect(canaries.in({ deep: [{ cause: `before ${text} after` }] })).toEqual(["password"]);
  });

  it.each(["base64", "base64url", "hex", "latin1"] as const)("finds bytes in %s", (spelling) => {
    expect(canaries.in([token.toString(spelling)])).toEqual(["flow token"]);
  });

  it("finds a short code by itself, and not in a longer number", () => {
    expect(canaries.in({ otp: "123456" })).toEqual(["code"]);
    expect(canaries.in({ otp: 123456 })).toEqual(["code"]);
    expect(canaries.in({ at: 1_123_456_000, id: "a123456b" })).toEqual([]);
  });

  it.each([
    ["in hex", Buffer.from("123456").toString("hex")],
    ["in base64", Buffer.from("123456").toString("base64")],
    ["in a body in base64", Buffer.from('{"otp":"123456"}').toString("base64")],
    ["in URL form", "otp%3D123456%26"],
  ])("finds a short code %s", (_, text) => {
    expect(canaries.in({ text })).toEqual(["code"]);
  });

  it("finds a secret in the name of a member, in bytes, in a map and in an error", () => {
    const raw = Buffer.concat([Buffer.from([0, 200]), token, Buffer.from([7])]);
    expect(canaries.in({ [secret]: 1 })).toEqual(["password"]);
    expect(canaries.in([{ row: raw }, new Uint8Array(raw)])).toEqual(["flow token"]);
    expect(canaries.in(new Map([["a", new Set([secret])]]))).toEqual(["password"]);
    expect(canaries.in(new Error("no", { cause: new Error(secret) }))).toEqual(["password"]);
  });

  it("finds quotes and accents as JSON and URLs spell them", () => {
    const others = new Canaries();
    const odd = 'Zoë "the \\ bird" 7';
    others.add("odd", odd);
    const spelled = [JSON.stringify({ odd }), encodeURIComponent(odd), Buffer.from(odd).toString("hex")];
    expect(spelled.map((text) => others.in(text))).toEqual([["odd"], ["odd"], ["odd"]]);
    expect(() => others.add("none", "")).toThrow(RangeError);
  });

  it("finds nothing where nothing is", () => {
    expect(canaries.in({ flowId: crypto.randomUUID(), sealed: token.toString("base64").slice(4) })).toEqual(
      [],
    );
  });
});
