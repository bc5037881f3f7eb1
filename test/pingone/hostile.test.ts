import { describe, expect, it } from "vitest";
import type { UpstreamAnswer } from "../../lib/flow/provider.ts";
import { type Call, readExchange } from "../../lib/pingone/responses.ts";
import { answered, failure, flowBody, ourNow } from "./answers.ts";
import { calls } from "./calls.ts";

const every: readonly Call[] = Object.values(calls);

function answerTo(body: unknown, call: Call = calls.read, headers: Record<string, string> = {}) {
  return readExchange(answered(200, body, headers), call, ourNow).answer;
}

function flowIn(body: object, headers: Record<string, string> = {}) {
  const answer = answerTo(flowBody(body), calls.read, headers);
  if (answer.kind !== "flow") throw new Error(`The answer is ${answer.kind}.`);
  return answer.flow;
}

describe("a flow object from an enemy", () => {
  it("fills no more of the row than 2 KB, with as many devices as fit", () => {
    const device = { id: "x".repeat(128), type: "EMAIL", email: "\u{1f600}".repeat(500) };
    const plain = { id: "d", type: "SMS", phone: "**01" };
    const { details } = flowIn({
      otpLength: 6,
      selectedDevice: { id: '"'.repeat(128) },
      _embedded: { devices: [device, device, plain, device, plain] },
    });
    expect(details.devices?.map(({ id }) => id.length)).toStrictEqual([128, 128, 1]);
    expect(details.devices?.[0]?.hint).toBe("\u{1f600}".repeat(128));
    expect(Buffer.byteLength(JSON.stringify(details))).toBeLessThanOrEqual(2048);
  });

  it("shows twenty devices at most, and those a person can have", () => {
    const devices = Array.from({ length: 40 }, (_, index) => ({ id: `${index}`, type: "SMS" }));
    expect(flowIn({ _embedded: { devices } }).details.devices).toStrictEqual(devices.slice(0, 20));
    const real = Array.from({ length: 15 }, (_, index) => ({
      id: `eb8ef69e-6d08-41b3-97d9-167c801fa6${10 + index}`,
      type: "EMAIL",
      email: "jo****@a-rather-long-name.example.com",
    }));
    expect(flowIn({ _embedded: { devices: real } }).details.devices).toHaveLength(15);
  });

  it("shows a hint without what could break a line or turn its letters around", () => {
    const hintOf = (nickname: string) =>
      flowIn({ _embedded: { devices: [{ id: "d", type: "TOTP", nickname }] } }).details.devices?.[0]?.hint;
    expect(hintOf("a\r\nb\u0000\u202ec\u2066d\u2028e\ud800f\u007f")).toBe("abcdef");
    expect(hintOf("\u0007")).toBeUndefined();
    expect(hintOf(`${"x".repeat(127)}\u{1f600}\u{1f600}`)).toBe(`${"x".repeat(127)}\u{1f600}`);
    expect(hintOf("x".repeat(200_000))).toBe("x".repeat(128));
  });

  it.each(["RESUMED", "UNSUPPORTED", "RESTART_REQUIRED"])("never says our own %s", (status) => {
    expect(answerTo(flowBody({ status }), calls.otp)).toStrictEqual({ kind: "doubtful" });
    expect(answerTo(flowBody({ status }), calls.read)).toStrictEqual({ kind: "doubtful" });
  });

  it("is not complete when it says that something went wrong", () => {
    for (const error of [{ code: "INVALID_OTP" }, {}, "x", true, 0]) {
      const body = flowBody({ status: "COMPLETED", error });
      expect(answerTo(body, calls.otp)).toStrictEqual({ kind: "doubtful" });
      expect(answerTo(body, calls.read)).toStrictEqual({ kind: "doubtful" });
    }
  });

  it("has a check rejected by an error of whatever shape", () => {
    for (const error of [{}, "x", true, 0, { code: "<script>" }]) {
      expect(answerTo(flowBody({ error }), calls.password)).toMatchObject({ kind: "rejected" });
    }
  });

  it("offers what looks like an action, and no more than 64", () => {
    const hostile = JSON.parse('{"__proto__":{"href":"x"},"constructor":{},"otp.check":{},"a b":{},"":{}}');
    expect(flowIn({ _links: hostile }).actions).toStrictEqual(["constructor", "otp.check"]);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a${index}`, {}]));
    expect(flowIn({ _links: many }).actions).toHaveLength(64);
    expect(Object.prototype).not.toHaveProperty("href");
  });

  it("says what it has to say in the first hundred details of an error", () => {
    const after = (count: number) => [...Array.from({ length: count }, () => 0), { code: "INVALID_OTP" }];
    const told = (count: number) =>
      readExchange(answered(400, failure("INVALID_DATA", ...after(count).map(Object))), calls.otp, ourNow)
        .answer;
    expect(told(99)).toStrictEqual({ kind: "rejected" });
    expect(told(100)).toStrictEqual({ kind: "doubtful" });
  });

  it("tells no number of attempts that nobody can have", () => {
    const told = (attemptsRemaining: number) =>
      readExchange(
        answered(400, failure("INVALID_DATA", { code: "INVALID_OTP", innerError: { attemptsRemaining } })),
        calls.otp,
        ourNow,
      ).answer;
    expect(told(99)).toStrictEqual({ kind: "rejected", attemptsRemaining: 99 });
    for (const absurd of [100, -1, 1.5, 1e300]) expect(told(absurd)).toStrictEqual({ kind: "rejected" });
  });
});

describe("an authorization from an enemy", () => {
  const authorizeResponse = { code: "c-1", state: "s" };
  const resumed = (body: object) => answerTo(body, calls.resume);

  it("must not say that the flow went otherwise", () => {
    const said: readonly (readonly [object, UpstreamAnswer["kind"]])[] = [
      [{ authorizeResponse }, "authorized"],
      [{ authorizeResponse, status: "COMPLETED", error: null }, "authorized"],
      [{ authorizeResponse, status: "FAILED" }, "denied"],
      [{ authorizeResponse, status: "OTP_REQUIRED" }, "doubtful"],
      [{ authorizeResponse, status: 200 }, "doubtful"],
      [{ authorizeResponse, status: "COMPLETED", error: { code: "x" } }, "doubtful"],
    ];
    for (const [body, kind] of said) expect(resumed(body)).toMatchObject({ kind });
  });

  it("has a code that can rest in the jar", () => {
    const withCode = (code: string) => resumed({ authorizeResponse: { code, state: "s" } });
    expect(withCode('"'.repeat(512))).toMatchObject({ kind: "authorized" });
    for (const code of ['"'.repeat(513), "a\nb", "\u00e9", "\u0000", "a\u007f"]) {
      expect(withCode(code)).toStrictEqual({ kind: "doubtful" });
    }
  });
});

describe("another protocol", () => {
  const next = { next: { href: "https://auth.example/env/davinci/connections/c/capabilities/x" } };
  const id = "cq77vwelou";
  const shapes: readonly (readonly [string, number, object])[] = [
    [
      "a first node",
      200,
      { interactionId: "i", interactionToken: "t", capabilityName: "x", id, _links: next },
    ],
    ["a node with a form", 200, { interactionId: "i", id, eventName: "continue", form: {}, _links: next }],
    ["a node with a status", 200, { interactionId: "i", id, status: "continue", _links: next }],
    ["a node that is nothing but a link", 200, { id, _links: next }],
    ["a node without links", 200, { eventName: "continue", form: { components: {} } }],
    [
      "a success",
      200,
      { ...flowBody({ status: "COMPLETED", _links: next }), capabilityName: "x", success: true },
    ],
    [
      "a success with a code",
      200,
      { status: "COMPLETED", interactionToken: "t", authorizeResponse: { code: "c-1", state: "s" } },
    ],
    ["a failure", 200, { connectorId: "c", status: "FAILED", error: { code: "x" } }],
    ["an error", 400, { connectionId: "c", code: "INVALID_DATA", httpResponseCode: 400, details: [{}] }],
    ["an error of its session", 401, { interactionId: "i", code: 1999 }],
    ["an error of its flow", 404, { capabilityName: "x", code: "NOT_FOUND" }],
  ];

  it.each(shapes)("is known by %s", (_name, status, body) => {
    for (const call of every) {
      expect(readExchange(answered(status, body), call, ourNow)).toStrictEqual({
        answer: { kind: "unsupported" },
      });
    }
  });

  it("is not suspected in a flow object that has one member more, nor in a rate limit", () => {
    expect(answerTo(flowBody({ interactionId: "i" }), calls.otp)).toMatchObject({ kind: "flow" });
    const limited = readExchange(answered(429, { interactionToken: "t" }), calls.otp, ourNow).answer;
    expect(limited).toStrictEqual({ kind: "rate-limited", retryAfter: 1 });
  });

  it("is a start that sends the person elsewhere", () => {
    for (const call of [calls.start, calls.startWithHint]) {
      const away = answered(302, "", { location: "https://auth.example/env/signon/?flowId=f-1" });
      expect(readExchange(away, call, ourNow).answer).toStrictEqual({ kind: "unsupported" });
    }
  });
});
