import { describe, expect, it } from "vitest";
import { Canaries } from "./canaries.ts";

const secret = "Sunny/Harbour+42?";
const token = Buffer.from("5e0967f4aba0479c86cffb5fe5b804d65e0967f4aba0479c86cffb5fe5b804d6", "hex");

const planted: readonly [string, string][] = [
  ["as it is", secret],
  ["in URL form", encodeURIComponent(secret)],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64url", Buffer.from(secret).toString("base64url")],
  ["in hex", Buffer.from(secret).toString("hex")],
  ["in base64 of something more", Buffer.from(`{"a":"${secret}"}`).toString("base64")],
  ["in URL form in base64", Buffer.from(encodeURIComponent(secret)).toString("base64url")],
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

  it("finds a secret in the name of a member", () => {
    expect(canaries.in({ [secret]: 1 })).toEqual(["password"]);
  });

  it("finds nothing where nothing is", () => {
    expect(canaries.in({ flowId: crypto.randomUUID(), sealed: token.toString("base64").slice(4) })).toEqual(
      [],
    );
  });
});
