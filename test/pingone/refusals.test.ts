import { describe, expect, it } from "vitest";
import { stepNames, steps } from "../../lib/flow/steps.ts";
import { type Call, readExchange } from "../../lib/pingone/responses.ts";
import type { HttpAnswer } from "../../lib/pingone/send.ts";
import { answered, failure, ourNow, serverNow } from "./answers.ts";
import { calls } from "./calls.ts";

const { startWithHint: start, lookup, password, otp, device, read, resume } = calls;
const every: readonly Call[] = Object.values(calls).filter(
  (one) => one !== calls.start && one !== calls.poll,
);

function answerTo(reply: HttpAnswer, call: Call) {
  return readExchange(reply, call, ourNow).answer;
}

/** Whether PingOne may say of a name that it isn't found, and not of the flow. */
function mayMissName(call: Call): boolean {
  if (call.kind !== "action") return false;
  return steps[call.step].rejections.some(({ code, target }) => code === "NOT_FOUND" && target === undefined);
}

function bad(detail: object, code = "INVALID_DATA") {
  return answered(400, failure(code, detail));
}

describe("a wrong name or password", () => {
  it.each([
    { code: "INVALID_VALUE", target: "username" },
    { code: "INVALID_VALUE", target: "password" },
    { code: "INVALID_CREDENTIALS" },
    { code: "NO_PASSWORD" },
    { code: "ACCOUNT_NOT_USABLE" },
    { code: "CONSTRAINT_VIOLATION" },
  ])("is one and the same answer for %o", (detail) => {
    expect(answerTo(bad(detail), lookup)).toStrictEqual({ kind: "rejected" });
    expect(answerTo(bad(detail), password)).toStrictEqual({ kind: "rejected" });
    expect(answerTo(bad(detail, "REQUEST_FAILED"), password)).toStrictEqual({ kind: "rejected" });
  });

  it("tells no attempts, whoever claims them", () => {
    const detail = { code: "INVALID_VALUE", innerError: { attemptsRemaining: 2 } };
    expect(answerTo(bad(detail), password)).toMatchObject({ kind: "rejected" });
    expect(steps.password.rejection({ attemptsRemaining: 2 })).toStrictEqual({
      error: "credentials-rejected",
    });
  });
});

describe("a wrong passcode", () => {
  it.each([2, 1, 0])("tells that %i attempts remain", (attemptsRemaining) => {
    const detail = { code: "INVALID_OTP", target: "otp", innerError: { attemptsRemaining } };
    expect(answerTo(bad(detail), otp)).toStrictEqual({ kind: "rejected", attemptsRemaining });
  });

  it.each([
    { code: "INVALID_OTP" },
    { code: "INVALID_VALUE", target: "otp", innerError: {} },
    { code: "INVALID_OTP", innerError: { attemptsRemaining: "2" } },
    { code: "INVALID_OTP", innerError: { attemptsRemaining: -1 } },
    { code: "INVALID_OTP", innerError: "none" },
  ])("tells nothing more at %o", (detail) => {
    expect(answerTo(bad(detail), otp)).toStrictEqual({ kind: "rejected" });
  });

  it("is found among other details", () => {
    const details = ["odd", { code: 7 }, { code: "INVALID_OTP", innerError: { attemptsRemaining: 1 } }];
    expect(answerTo(answered(400, { code: "INVALID_DATA", details }), otp)).toStrictEqual({
      kind: "rejected",
      attemptsRemaining: 1,
    });
  });
});

describe("a wrong device", () => {
  it("is rejected", () => {
    expect(answerTo(bad({ code: "INVALID_VALUE", target: "device.id" }), device)).toStrictEqual({
      kind: "rejected",
    });
  });
});

describe("a lockout", () => {
  it.each([
    [{ secondsUntilUnlock: 90 }, { kind: "locked", retryAfter: 90 }],
    [{ secondsUntilUnlock: 0 }, { kind: "locked", retryAfter: 1 }],
    [{ secondsUntilUnlock: 1.2 }, { kind: "locked", retryAfter: 2 }],
    [undefined, { kind: "locked" }],
  ])("of the password with %o lasts as long as PingOne says", (innerError, answer) => {
    const detail = { code: "PASSWORD_LOCKED_OUT", innerError };
    expect(answerTo(bad(detail), password)).toStrictEqual(answer);
    expect(answerTo(bad(detail, "INVALID_REQUEST"), otp)).toStrictEqual(answer);
  });

  it.each([
    [{ coolDownExpiresAt: serverNow + 120_001 }, { kind: "locked", retryAfter: 121 }],
    [{ coolDownExpiresAt: serverNow - 5_000 }, { kind: "locked", retryAfter: 1 }],
    [{ coolDownExpiresAt: 0 }, { kind: "locked" }],
    [{ quotaResetTime: serverNow + 7_200_000 }, { kind: "locked", retryAfter: 7_200 }],
    [
      { coolDownExpiresAt: serverNow + 60_000, quotaResetTime: serverNow + 7_200_000 },
      { kind: "locked", retryAfter: 60 },
    ],
    [{}, { kind: "locked" }],
  ])("of the device with %o is measured from PingOne's clock", (innerError, answer) => {
    expect(answerTo(bad({ code: "QUOTA_EXCEEDED", innerError }), otp)).toStrictEqual(answer);
    expect(answerTo(bad({ code: "QUOTA_EXCEEDED", innerError }), device)).toStrictEqual(answer);
  });

  it("of the device is measured from ours when PingOne sends no Date", () => {
    const detail = { code: "QUOTA_EXCEEDED", innerError: { coolDownExpiresAt: ourNow + 3_000 } };
    const reply = answered(400, failure("INVALID_DATA", detail), { date: "" });
    expect(answerTo(reply, otp)).toStrictEqual({ kind: "locked", retryAfter: 3 });
  });
});

describe("a rate limit", () => {
  const inBody = failure("REQUEST_LIMITED", { code: "LIMIT_EXCEEDED", innerError: { retryAfter: 7 } });
  const quotaUntil = (ms: number) =>
    failure("REQUEST_LIMITED", { code: "QUOTA_EXCEEDED", innerError: { quotaResetTime: serverNow + ms } });

  it.each<[string, Record<string, string>, unknown, number]>([
    ["the header's seconds", { "retry-after": "3" }, inBody, 3],
    ["the header's date", { "retry-after": new Date(serverNow + 9_000).toUTCString() }, inBody, 9],
    ["a date that has passed", { "retry-after": new Date(serverNow - 9_000).toUTCString() }, inBody, 1],
    ["the body when the header is senseless", { "retry-after": "-5" }, inBody, 7],
    ["the body", {}, inBody, 7],
    ["the end of a quota", {}, quotaUntil(7_200_000), 7_200],
    ["the end of a quota, a day at most", {}, quotaUntil(90_000_000), 86_400],
    ["a second when nothing is said", {}, "<html>", 1],
    ["a second when it says none", { "retry-after": "0" }, inBody, 1],
    ["an hour at most", { "retry-after": "86400" }, inBody, 3600],
  ])("waits for %s", (_name, headers, body, retryAfter) => {
    for (const call of every) {
      expect(answerTo(answered(429, body, headers), call)).toStrictEqual({
        kind: "rate-limited",
        retryAfter,
      });
    }
  });

  it("is recognised in a 400", () => {
    for (const call of every) {
      expect(answerTo(bad({ code: "LIMIT_EXCEEDED" }), call)).toStrictEqual({
        kind: "rate-limited",
        retryAfter: 1,
      });
      expect(answerTo(answered(400, failure("REQUEST_LIMITED")), call)).toStrictEqual({
        kind: "rate-limited",
        retryAfter: 1,
      });
    }
  });
});

describe("a flow that PingOne doesn't have", () => {
  it("is gone, but can't be when it is only being begun, nor where it may be the name that isn't found", () => {
    for (const call of every) {
      const kind = call === start ? "refused" : mayMissName(call) ? "rejected" : "gone";
      expect(answerTo(answered(404, failure("NOT_FOUND")), call)).toStrictEqual({ kind });
    }
  });
});

describe("a flow that PingOne no longer has, read to learn what became of a step", () => {
  it.each(stepNames)("is gone, whatever %s may have named", (step) => {
    for (const details of [[], [{ code: "NOT_FOUND" }]]) {
      const answer = answerTo(answered(404, failure("NOT_FOUND", ...details)), { kind: "read", step });
      expect(answer).toStrictEqual({ kind: "gone" });
    }
  });
});

describe("any other 4xx", () => {
  it.each([401, 403, 406, 415])("refuses the call at %i, where nobody looked at its body", (status) => {
    for (const call of every) {
      const body = failure("ACCESS_FAILED", { code: "INVALID_TOKEN", target: "Authentication Credentials" });
      expect(answerTo(answered(status, body), call)).toStrictEqual({ kind: "refused" });
    }
  });

  it.each([401, 403, 408, 409, 410, 423, 451])(
    "leaves a doubt at %i that names nothing we know",
    (status) => {
      for (const call of every) {
        const kind = call.kind === "start" ? "refused" : "doubtful";
        expect(answerTo(answered(status, failure("NOVEL")), call)).toStrictEqual({ kind });
        expect(answerTo(answered(status, "<html>"), call)).toStrictEqual({ kind });
      }
    },
  );

  it("knows a lockout at any 4xx", () => {
    for (const status of [400, 403, 409, 423, 429]) {
      const body = failure("REQUEST_FAILED", {
        code: "PASSWORD_LOCKED_OUT",
        innerError: { secondsUntilUnlock: 9 },
      });
      expect(answerTo(answered(status, body), password)).toStrictEqual({ kind: "locked", retryAfter: 9 });
    }
  });

  it("knows a hint that names a person who can't sign on", () => {
    expect(answerTo(bad({ code: "ACCOUNT_NOT_USABLE" }), start)).toStrictEqual({ kind: "rejected" });
    expect(answerTo(bad({ code: "PASSWORD_LOCKED_OUT" }), start)).toStrictEqual({ kind: "locked" });
  });

  it("takes INVALID_DATA without details for a rejection of what was typed", () => {
    expect(answerTo(answered(400, failure("INVALID_DATA")), password)).toStrictEqual({ kind: "rejected" });
    expect(answerTo(answered(400, failure("INVALID_DATA")), otp)).toStrictEqual({ kind: "rejected" });
  });

  it("doesn't take a proxy's 404 for PingOne's", () => {
    expect(answerTo(answered(404, "<html>"), password)).toStrictEqual({ kind: "doubtful" });
    expect(answerTo(answered(404, "<html>"), resume)).toStrictEqual({ kind: "doubtful" });
  });

  it("leaves a doubt after all but a start at a 400 that can't be read or is about the call", () => {
    for (const call of every) {
      const kind = call.kind === "start" ? "refused" : "doubtful";
      expect(answerTo(answered(400, failure("INVALID_REQUEST")), call)).toStrictEqual({ kind });
      expect(answerTo(bad({ code: "INVALID_VALUE" }, "INVALID_REQUEST"), call)).toStrictEqual({ kind });
      expect(answerTo(answered(400, "<html>"), call)).toStrictEqual({ kind });
      expect(answerTo(answered(400, "[]"), call)).toStrictEqual({ kind });
    }
  });

  it.each<[Call, object]>([
    [start, { code: "INVALID_VALUE", target: "redirect_uri" }],
    [read, { code: "INVALID_OTP" }],
    [resume, { code: "INVALID_VALUE" }],
    [lookup, { code: "INVALID_OTP" }],
    [password, { code: "REQUIRED_VALUE", target: "password" }],
    [otp, { code: "INVALID_VALUE", target: "device.id" }],
    [device, { code: "INVALID_OTP" }],
  ])("rejects nobody for %o at %o, which is no fault of the person's", (call, detail) => {
    const kind = call.kind === "start" ? "refused" : "doubtful";
    expect(answerTo(bad(detail), call)).toStrictEqual({ kind });
  });

  it("never goes by the message", () => {
    const body = { code: "INVALID_DATA", message: "INVALID_OTP", details: [{ message: "INVALID_OTP" }] };
    expect(answerTo(answered(400, body), otp)).toStrictEqual({ kind: "doubtful" });
  });
});
