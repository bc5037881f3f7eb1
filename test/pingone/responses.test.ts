import { describe, expect, it } from "vitest";
import { type Call, readExchange } from "../../lib/pingone/responses.ts";
import type { Exchange } from "../../lib/pingone/send.ts";
import { lookupEmailSeed, lookupSmsSeed, otpSeed, passwordSeed } from "../support/seeds.ts";
import { answered, failure, flowBody, ourNow } from "./answers.ts";
import { calls } from "./calls.ts";

const { start, startWithHint, lookup, password, otp, device, read, poll, resume } = calls;
const spending: readonly Call[] = [startWithHint, lookup, password, otp, device, read, poll, resume];
const harmless: readonly Call[] = [start];
const broken: Exchange = { kind: "broken", headers: {}, setCookie: [] };

function answerTo(exchange: Exchange, call: Call) {
  return readExchange(exchange, call, ourNow).answer;
}

describe("the documented answers", () => {
  /** As when the page was made. */
  const dated = (seed: { readonly createdAt: string }, call: Call) => {
    const created = Date.parse(seed.createdAt);
    return readExchange(answered(200, seed, { date: new Date(created).toUTCString() }), call, created);
  };

  it("gives the flow of the mail lookup", () => {
    expect(dated(lookupEmailSeed, lookup)).toStrictEqual({
      upstreamFlowId: "0305793d-7b59-4b59-a1a4-043287dd5d64",
      answer: {
        kind: "flow",
        flow: {
          status: "OTP_REQUIRED",
          actions: ["otp.check", "device.select", "self"],
          details: {
            otpLength: 6,
            selectedDevice: "eb8ef69e-6d08-41b3-97d9-167c801fa6f5",
            devices: [
              {
                id: "eb8ef69e-6d08-41b3-97d9-167c801fa6f5",
                type: "EMAIL",
                hint: "jo****@pingidentity.com",
              },
            ],
          },
          expiresAt: "2026-04-22T19:21:03.741Z",
          lifetimeMs: 914_741,
          userId: "386e547a-45b6-410f-b61f-e4f4dc177fac",
        },
      },
    });
  });

  it("gives the flow of the telephone lookup, without what it lacks", () => {
    expect(dated(lookupSmsSeed, lookup)).toStrictEqual({
      upstreamFlowId: "037243b1-7ae9-4b6b-ad11-028250650f02",
      answer: {
        kind: "flow",
        flow: {
          status: "OTP_REQUIRED",
          actions: ["otp.check", "device.select", "self"],
          details: {
            selectedDevice: "203fe40d-1b4a-419b-947b-d59fe4d62405",
            devices: [{ id: "203fe40d-1b4a-419b-947b-d59fe4d62405", type: "SMS", hint: "*******01" }],
          },
          expiresAt: "2021-07-13T19:15:21.241Z",
          lifetimeMs: 913_241,
        },
      },
    });
  });

  it("gives the completed flow of the password check", () => {
    expect(dated(passwordSeed, password)).toStrictEqual({
      upstreamFlowId: "03c69293-8ec6-4f4a-a60f-535eae4b7520",
      answer: {
        kind: "flow",
        flow: {
          status: "COMPLETED",
          actions: ["self"],
          details: {},
          expiresAt: "2026-01-16T17:54:16.328Z",
          lifetimeMs: 971_328,
          userId: "b74be2c9-d8b9-4a67-aae4-35cd35073767",
        },
      },
    });
  });

  it("can't read the passcode check of 2018, whose members are all inside _links", () => {
    expect(readExchange(answered(200, otpSeed), otp, ourNow)).toStrictEqual({ answer: { kind: "doubtful" } });
    expect(readExchange(answered(200, otpSeed), read, ourNow)).toStrictEqual({
      answer: { kind: "doubtful" },
    });
  });
});

describe("a flow object", () => {
  const bare = {
    status: "OTP_REQUIRED",
    actions: ["self"],
    details: {},
    expiresAt: "2026-04-22T19:21:00.000Z",
  };
  const flow = { ...bare, lifetimeMs: 900_000 };

  it("is read the same for every call that answers with one", () => {
    for (const call of [start, startWithHint, lookup, password, otp, device, read]) {
      expect(readExchange(answered(200, flowBody()), call, ourNow)).toStrictEqual({
        upstreamFlowId: "f-1",
        answer: { kind: "flow", flow },
      });
    }
  });

  it("passes on a status that nobody has heard of", () => {
    expect(answerTo(answered(200, flowBody({ status: "NEW_THING_2" })), otp)).toMatchObject({
      kind: "flow",
      flow: { status: "NEW_THING_2" },
    });
  });

  it.each<[string, object]>([
    ["no id", { id: undefined }],
    ["an id that would leave the path", { id: ".." }],
    ["an id that can't be encoded", { id: "\ud800" }],
    ["no status", { status: undefined }],
    ["a status in small letters", { status: "completed" }],
    ["a status that is too long", { status: "X".repeat(65) }],
    ["no links", { _links: undefined }],
    ["links in a list", { _links: [] }],
  ])("is unreadable with %s", (_name, overrides) => {
    expect(readExchange(answered(200, flowBody(overrides)), otp, ourNow)).toStrictEqual({
      answer: { kind: "doubtful" },
    });
  });

  it("stays readable when an optional member is strange", () => {
    const strange = {
      otpLength: "six",
      selectedDevice: "d-1",
      _embedded: { devices: "none" },
      session: 7,
      error: null,
    };
    expect(answerTo(answered(200, flowBody(strange)), otp)).toStrictEqual({ kind: "flow", flow });
  });

  it("measures its life from our clock when PingOne's Date is missing or senseless", () => {
    const expiresAt = new Date(ourNow + 60_000).toISOString();
    for (const headers of [{ date: "" }, { date: "yesterday" }]) {
      expect(answerTo(answered(200, flowBody({ expiresAt }), headers), read)).toMatchObject({
        flow: { expiresAt, lifetimeMs: 60_000 },
      });
    }
  });

  it.each([undefined, "soon", 1_776_885_660, "2026-04-22"])(
    "lives for 15 minutes of PingOne's time when expiresAt is %s",
    (expiresAt) => {
      expect(answerTo(answered(200, flowBody({ expiresAt })), read)).toMatchObject({
        flow: { expiresAt: "2026-04-22T19:21:00.000Z", lifetimeMs: 900_000 },
      });
    },
  );

  it("names devices by mail, then telephone, then nickname, and leaves out what is no device", () => {
    const devices = [
      { id: "1", type: "EMAIL", email: "jo****@example.com", phone: "**01", nickname: "n" },
      { id: "2", type: "SMS", phone: "**01", nickname: "n" },
      { id: "3", type: "TOTP", email: "", nickname: "x".repeat(500) },
      { id: "4", type: "FIDO2" },
      { type: "SMS" },
      "device",
    ];
    expect(answerTo(answered(200, flowBody({ _embedded: { devices } })), read)).toMatchObject({
      flow: {
        details: {
          devices: [
            { id: "1", type: "EMAIL", hint: "jo****@example.com" },
            { id: "2", type: "SMS", hint: "**01" },
            { id: "3", type: "TOTP", hint: "x".repeat(128) },
            { id: "4", type: "FIDO2" },
          ],
        },
      },
    });
  });

  it("tells why it failed", () => {
    const failed = flowBody({ status: "FAILED", error: { code: "MFA_DISABLED", message: "Ours." } });
    for (const call of [start, password, otp, read]) {
      expect(answerTo(answered(200, failed), call)).toStrictEqual({
        kind: "failed",
        failure: "MFA_DISABLED",
        flow: { ...flow, status: "FAILED" },
      });
    }
  });

  it("has failed for no known reason when the error says nothing usable", () => {
    const failed = flowBody({ status: "FAILED", error: { code: "<script>" } });
    expect(answerTo(answered(200, failed), read)).toStrictEqual({
      kind: "failed",
      flow: { ...flow, status: "FAILED" },
    });
  });

  it("is a rejection when a check comes back with an error and goes on", () => {
    const body = flowBody({ error: { code: "INVALID_OTP" } });
    for (const call of [lookup, password, otp, device, read]) {
      expect(readExchange(answered(200, body), call, ourNow)).toStrictEqual({
        upstreamFlowId: "f-1",
        answer: { kind: "rejected", flow },
      });
    }
    // A start that names nobody has nothing that could be wrong.
    expect(answerTo(answered(200, body), start)).toStrictEqual({ kind: "failed", flow });
  });
});

describe("another protocol", () => {
  it.each([{ interactionId: "i" }, { interactionToken: "t" }, { capabilityName: "customHTMLTemplate" }])(
    "is recognised by %o",
    (body) => {
      for (const call of [start, lookup, otp, read, resume]) {
        expect(answerTo(answered(200, { id: "x", ...body }), call)).toStrictEqual({ kind: "unsupported" });
      }
    },
  );

  it("is not suspected where there is a status", () => {
    expect(answerTo(answered(200, { interactionId: "i", status: "OTP_REQUIRED" }), otp)).toStrictEqual({
      kind: "doubtful",
    });
  });
});

describe("an outcome that can't be known", () => {
  const exchanges: readonly Exchange[] = [
    broken,
    { ...broken, status: 200 },
    answered(500, failure("UNEXPECTED_ERROR")),
    answered(503, "<html>"),
    answered(200, "<html>"),
    answered(200, "null"),
    answered(200, "{}"),
    answered(204, ""),
    answered(304, ""),
  ];

  it("is a doubt when something may have been spent", () => {
    for (const [exchange, call] of exchanges.flatMap((one) => spending.map((call) => [one, call] as const))) {
      expect(answerTo(exchange, call)).toStrictEqual({ kind: "doubtful" });
    }
  });

  it("is as good as unsent when nothing can have been", () => {
    for (const [exchange, call] of exchanges.flatMap((one) => harmless.map((call) => [one, call] as const))) {
      expect(answerTo(exchange, call)).toStrictEqual({ kind: "unsent" });
    }
  });

  it("is none when nothing was written", () => {
    for (const call of [...spending, ...harmless]) {
      expect(readExchange({ kind: "unsent" }, call, ourNow)).toStrictEqual({ answer: { kind: "unsent" } });
    }
  });

  it("never takes the id of an error for the flow's", () => {
    for (const status of [400, 404, 429, 500]) {
      const body = { ...flowBody(), ...failure("INVALID_DATA") };
      expect(readExchange(answered(status, body), otp, ourNow)).not.toHaveProperty("upstreamFlowId");
    }
  });
});
