import { describe, expect, it } from "vitest";
import type { UpstreamAnswer } from "../../lib/flow/provider.ts";
import { readGrantAnswer } from "../../lib/pingone/grants.ts";
import { type Call, readExchange } from "../../lib/pingone/responses.ts";
import { answered, failure, flowBody, ourNow, serverNow } from "./answers.ts";
import { calls } from "./calls.ts";

const { otp, password, read, ...others } = calls;
const every: readonly Call[] = Object.values(calls);
/** Those that are answered with the flow. */
const ofFlow: readonly Call[] = every.filter(({ kind }) => kind !== "resume");
const minute = 60_000;
const day = 24 * 60 * minute;
const year = 365 * day;

const iso = (ms: number) => new Date(ms).toISOString();
const utc = (ms: number) => new Date(ms).toUTCString();

function answerTo(
  status: number,
  body: unknown,
  call: Call,
  headers: Record<string, string> = {},
): UpstreamAnswer {
  // A text as it is: no object can say every number that JSON can.
  return readExchange(answered(status, body, headers), call, ourNow).answer;
}

function endIn(overrides: object, headers: Record<string, string> = {}, call: Call = read) {
  const answer = answerTo(200, flowBody(overrides), call, headers);
  if (answer.kind !== "flow") throw new Error(`The answer is ${answer.kind}.`);
  const { expiresAt, lifetimeMs } = answer.flow;
  return { expiresAt, lifetimeMs };
}

/** An error with a number as JSON has it, however absurd. */
function told(code: string, member: string, json: string): string {
  return JSON.stringify(failure("INVALID_DATA", { code, innerError: { [member]: "?" } })).replace(
    '"?"',
    json,
  );
}

describe("an end of a flow that can't be", () => {
  const idle = { expiresAt: iso(serverNow + 15 * minute), lifetimeMs: 15 * minute };

  it.each<[string, unknown]>([
    ["has passed", iso(serverNow - 1)],
    ["passes now", iso(serverNow)],
    ["is too near to be one", iso(serverNow + 9_999)],
    ["passed in another decade", iso(serverNow - 10 * year)],
    ["passed before there were computers", "0000-01-01T00:00:00Z"],
    ["is more than a day away", iso(serverNow + day + 1)],
    ["is in another decade", iso(serverNow + 10 * year)],
    ["is the end of all dates", "9999-12-31T23:59:59Z"],
    ["is on no calendar", "2026-02-30T00:00:00Z"],
    ["is a number", 1_776_885_660],
    ["is a day", "2026-04-22"],
    ["has no zone", "2026-04-22T19:21:00"],
    ["is no text", {}],
    ["is longer than a date", `2026-04-22T19:21:00.${"0".repeat(100)}Z`],
    ["is empty", ""],
  ])("is ours where it %s", (_name, expiresAt) => {
    for (const call of ofFlow) expect(endIn({ expiresAt }, {}, call)).toStrictEqual(idle);
  });

  it("is PingOne's where it can be", () => {
    for (const lifetimeMs of [10_000, 15 * minute, day]) {
      const expiresAt = iso(serverNow + lifetimeMs);
      expect(endIn({ expiresAt })).toStrictEqual({ expiresAt, lifetimeMs });
    }
  });

  it.each([
    "2026-04-22T19:21Z",
    "2026-04-22T19:21:00Z",
    "2026-04-22T19:21:00.0Z",
    "2026-04-22T19:21:00.000000Z",
    "2026-04-22T21:21:00+02:00",
    "2026-04-22T14:51-04:30",
  ])("is spelt as every client reads it, however PingOne spells it: %s", (expiresAt) => {
    const now = Date.parse("2026-04-22T19:06:00Z");
    const answer = readExchange(answered(200, flowBody({ expiresAt }), { date: utc(now) }), read, now).answer;
    expect(answer).toMatchObject({
      flow: { expiresAt: "2026-04-22T19:21:00.000Z", lifetimeMs: 15 * minute },
    });
  });

  it("is ours for a flow that was refused a step, or has failed", () => {
    const expiresAt = iso(serverNow - year);
    for (const overrides of [{ error: { code: "INVALID_OTP" } }, { status: "FAILED" }]) {
      expect(answerTo(200, flowBody({ expiresAt, ...overrides }), otp)).toMatchObject({ flow: idle });
    }
  });
});

describe("a Date that can't be", () => {
  it.each([
    utc(serverNow - 10 * year),
    utc(serverNow + 10 * year),
    utc(ourNow - day - 1_000),
    utc(ourNow + day + 1_000),
    utc(0),
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Sat, 13 Sep 275760 00:00:00 GMT",
    "yesterday",
    "5",
    "1776884760",
    `Thu${" ".repeat(9_999)}`,
    `${utc(serverNow)} (${"x".repeat(40)})`,
    "",
  ])("leaves the time to our clock at %j", (date) => {
    const expiresAt = iso(ourNow + 5 * minute);
    expect(endIn({ expiresAt }, { date })).toStrictEqual({ expiresAt, lifetimeMs: 5 * minute });
    expect(endIn({ expiresAt: undefined }, { date })).toStrictEqual({
      expiresAt: iso(ourNow + 15 * minute),
      lifetimeMs: 15 * minute,
    });
    const coolDown = told("QUOTA_EXCEEDED", "coolDownExpiresAt", `${ourNow + minute}`);
    expect(answerTo(400, coolDown, otp, { date })).toStrictEqual({ kind: "locked", retryAfter: 60 });
    const until = { date, "retry-after": utc(ourNow + minute) };
    expect(answerTo(429, "", otp, until)).toStrictEqual({ kind: "rate-limited", retryAfter: 60 });
  });
});

describe("a wait for a rate limit that can't be", () => {
  it.each<[string, number]>([
    ["0", 1],
    ["-5", 1],
    ["NaN", 1],
    ["soon", 1],
    ["1e3", 1],
    ["", 1],
    ["1.5", 2],
    ["3601", 3600],
    ["9999999999", 3600],
    ["9".repeat(400), 3600],
    [utc(serverNow - 1_000), 1],
    [utc(0), 1],
    [utc(serverNow + 10 * year), 3600],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 3600],
  ])("is capped, or a second: Retry-After %j", (header, retryAfter) => {
    for (const call of every) {
      const headers = { "retry-after": header };
      expect(answerTo(429, "", call, headers)).toStrictEqual({ kind: "rate-limited", retryAfter });
    }
  });

  it.each<[string, number]>([
    ["0", 1],
    ["-1", 1],
    ["null", 1],
    ['"x"', 1],
    ["{}", 1],
    ["1.2", 2],
    ['"7"', 7],
    ["3601", 3600],
    ["1e300", 3600],
    ["1e999", 3600],
  ])("is capped, or a second: retryAfter %s in the body", (json, retryAfter) => {
    for (const call of every) {
      const body = told("LIMIT_EXCEEDED", "retryAfter", json);
      expect(answerTo(429, body, call)).toStrictEqual({ kind: "rate-limited", retryAfter });
    }
  });
});

describe("a lock's end that can't be", () => {
  const month = 30 * 24 * 3600;
  const unknown = 120;

  it.each<[string, number | undefined]>([
    ["90", 90],
    ['"90"', 90],
    ["0.1", 1],
    ["0", 1],
    ["-1", unknown],
    ['"soon"', unknown],
    ["true", unknown],
    ["[]", unknown],
    [`${month + 1}`, month],
    ["1e300", month],
    ["1e999", month],
    ["null", undefined],
  ])("is still one: secondsUntilUnlock %s", (json, retryAfter) => {
    const body = told("PASSWORD_LOCKED_OUT", "secondsUntilUnlock", json);
    const locked = { kind: "locked", ...(retryAfter === undefined ? {} : { retryAfter }) };
    for (const call of [password, otp, read, others.startWithHint]) {
      expect(answerTo(400, body, call)).toStrictEqual(locked);
    }
    const inFlow = `{"code":"PASSWORD_LOCKED_OUT","innerError":{"secondsUntilUnlock":${json}}}`;
    const flow = JSON.stringify(flowBody({ error: "?" })).replace('"?"', inFlow);
    expect(answerTo(200, flow, password)).toMatchObject(locked);
  });

  it.each<[string, number | undefined]>([
    [`${serverNow + minute}`, 60],
    [`"${serverNow + minute}"`, 60],
    [`${(serverNow + minute) / 1000}`, 60],
    [`"${iso(serverNow + minute)}"`, 60],
    [`${serverNow - minute}`, 1],
    [`${serverNow - 20 * year}`, 1],
    [`${serverNow + 10 * year}`, day / 1000],
    ["1e300", day / 1000],
    ["1e999", day / 1000],
    ["120", unknown],
    ["-1", unknown],
    ['"later"', unknown],
    ["true", unknown],
    ["{}", unknown],
    ["0", undefined],
    ["null", undefined],
  ])("is still one: coolDownExpiresAt %s", (json, retryAfter) => {
    const body = told("QUOTA_EXCEEDED", "coolDownExpiresAt", json);
    const locked = { kind: "locked", ...(retryAfter === undefined ? {} : { retryAfter }) };
    for (const call of [otp, others.device]) expect(answerTo(400, body, call)).toStrictEqual(locked);
  });
});

describe("a number that can't be", () => {
  it.each([0, -1, 3, 11, 64, 6.5, 1e300, "6", null])("is no length of a passcode: %j", (otpLength) => {
    expect(answerTo(200, flowBody({ otpLength }), read)).toHaveProperty("flow.details", {});
  });

  it.each([4, 6, 10])("may be one: %i", (otpLength) => {
    expect(answerTo(200, flowBody({ otpLength }), read)).toMatchObject({ flow: { details: { otpLength } } });
  });

  it.each(["-1", "1e999", "1e300", '"3600"', "null", "[3600]"])("is no life of a token: %s", (json) => {
    const body = `{"access_token":"a","token_type":"Bearer","expires_in":${json}}`;
    const tokens = { access_token: "a", token_type: "Bearer" };
    expect(readGrantAnswer(answered(200, body), ourNow)).toStrictEqual({ kind: "redeemed", tokens });
  });

  it.each(["0", "3600", "3600.9"])("may be the life of a token: %s", (json) => {
    const body = `{"access_token":"a","token_type":"Bearer","expires_in":${json}}`;
    expect(readGrantAnswer(answered(200, body), ourNow)).toMatchObject({
      tokens: { expires_in: Math.floor(Number(json)) },
    });
  });

  it.each(["-1", "100", "1.5", "1e300", "1e999", '"2"', "null"])("is no number of tries: %s", (json) => {
    expect(answerTo(400, told("INVALID_OTP", "attemptsRemaining", json), otp)).toStrictEqual({
      kind: "rejected",
    });
  });
});
