import { describe, expect, it } from "vitest";
import { type Call, readExchange } from "../../lib/pingone/responses.ts";
import type { HttpAnswer } from "../../lib/pingone/send.ts";
import { answered, failure, flowBody, ourNow } from "./answers.ts";
import { calls } from "./calls.ts";

const { lookup, password, otp, device } = calls;

function answerTo(reply: HttpAnswer, call: Call) {
  return readExchange(reply, call, ourNow).answer;
}

describe("a reason, whatever it is wrapped in", () => {
  const other = { code: "REQUEST_FAILED", target: "somewhere" };
  const wraps: readonly (readonly [string, (reason: { readonly code: string }) => unknown])[] = [
    ["a word", ({ code }) => code],
    ["the word of an error", ({ code }) => ({ error: code })],
    ["an error in an error", (reason) => ({ error: reason })],
    ["an error in an error with details", (reason) => ({ error: { ...other, details: [reason] } })],
    ["a list", (reason) => [other, reason]],
    ["a list in an error", (reason) => ({ error: [other, reason] })],
    ["a detail of a detail", (reason) => ({ ...other, details: [{ ...other, details: [reason] }] })],
    ["an inner error", (reason) => ({ ...other, innerError: reason })],
    ["the inner error of a detail", (reason) => ({ ...other, details: [{ ...other, innerError: reason }] })],
    [
      "the last of many details",
      (reason) => ({ ...other, details: [...Array.from({ length: 60 }, () => other), reason] }),
    ],
    ["words among details", ({ code }) => ({ ...other, details: ["odd", code, null, 7] })],
  ];
  const reasons: readonly (readonly [string, Call, object])[] = [
    ["PASSWORD_LOCKED_OUT", password, { kind: "locked" }],
    ["QUOTA_EXCEEDED", device, { kind: "locked" }],
    ["REQUEST_LIMITED", otp, { kind: "rate-limited", retryAfter: 1 }],
    ["INVALID_OTP", otp, { kind: "rejected" }],
    ["INVALID_CREDENTIALS", password, { kind: "rejected" }],
    ["UNIQUENESS_VIOLATION", calls.register, { kind: "rejected" }],
    ["NOT_FOUND", lookup, { kind: "rejected" }],
    ["NO_USABLE_DEVICES", lookup, { kind: "failed", failure: "NO_USABLE_DEVICES" }],
  ];
  const cases = wraps.flatMap(([wrap, wrapped]) =>
    reasons.map(([code, call, answer]) => ({ wrap, code, call, answer, told: wrapped({ code }) })),
  );

  it.each([400, 401, 403, 409, 422, 423])("means in a %i what it means anywhere", (status) => {
    for (const { wrap, code, call, answer, told } of cases) {
      expect(answerTo(answered(status, JSON.stringify(told)), call), `${code} in ${wrap}`).toMatchObject(
        answer,
      );
    }
  });

  it.each(["FAILED", "OTP_REQUIRED"])("means in a flow that is %s what it means anywhere", (status) => {
    for (const { wrap, code, call, answer, told } of cases) {
      const said = answerTo(answered(200, flowBody({ status, error: told })), call);
      expect(said, `${code} in ${wrap}`).toMatchObject({ ...answer, flow: { status } });
    }
  });

  it("is told with its own figures", () => {
    const innerError = { code: "PASSWORD_LOCKED_OUT", secondsUntilUnlock: 9 };
    expect(
      answerTo(
        answered(400, failure("INVALID_DATA", { code: "INVALID_VALUE", target: "password", innerError })),
        password,
      ),
    ).toEqual({
      kind: "locked",
      retryAfter: 9,
    });
    const wrong = { code: "INVALID_OTP", innerError: { attemptsRemaining: 2 } };
    expect(answerTo(answered(422, { error: [wrong] }), otp)).toEqual({
      kind: "rejected",
      attemptsRemaining: 2,
    });
  });

  it("is no business of a call that nobody looked at", () => {
    for (const status of [401, 403]) {
      const body = failure("ACCESS_FAILED", { code: "INVALID_CREDENTIALS" });
      expect(answerTo(answered(status, body), password)).toEqual({ kind: "refused" });
    }
  });

  it("takes no time to look for in an error that is nothing but lists", () => {
    const deep = `${"[".repeat(100_000)}"INVALID_OTP"${"]".repeat(100_000)}`;
    const wide = `[${"[],".repeat(80_000)}"INVALID_OTP"]`;
    const errors = `${'{"error":'.repeat(25_000)}"INVALID_OTP"${"}".repeat(25_000)}`;
    for (const told of [deep, wide, errors]) {
      expect(answerTo(answered(400, `{"error":${told}}`), otp)).toEqual({ kind: "doubtful" });
    }
  });
});

describe("a byte order mark", () => {
  it("makes no answer unreadable", () => {
    for (const call of [calls.start, lookup, otp, calls.read]) {
      const said = answerTo(answered(200, `\ufeff${JSON.stringify(flowBody())}`), call);
      expect(said).toMatchObject({ kind: "flow", flow: { status: "OTP_REQUIRED" } });
    }
    const refused = answered(400, `\ufeff${JSON.stringify({ code: "INVALID_OTP" })}`);
    expect(answerTo(refused, otp)).toStrictEqual({ kind: "rejected" });
  });
});
