import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { Jar } from "../../lib/flow/jar.ts";
import type { StartCommand } from "../../lib/flow/provider.ts";
import { steps } from "../../lib/flow/steps.ts";
import { createPingOne } from "../../lib/pingone/client.ts";
import { ownUserAgent, type PingOneSettings } from "../../lib/pingone/settings.ts";
import { record, serveHttp } from "../support/loopback.ts";
import { patienceMs } from "../support/patience.ts";
import { refusedUrl } from "../support/refused-url.ts";
import { lookupEmailSeed, passwordSeed, sessionCookieSeed } from "../support/seeds.ts";
import { standTimers } from "../support/standing-timers.ts";
import { failure, flowBody } from "./answers.ts";

const now = Date.parse("2026-01-20T19:29:00Z");
const clock = { now: () => now };
const device = { userAgent: "App/1.0", acceptLanguage: "en" };
const sessionCookie = sessionCookieSeed.replace(/Path=[^;]*/, "Path=/env-1");
/** What every request says; and what it says where it may tell of the device. */
const common = { accept: "*/*", "accept-encoding": "identity", "user-agent": ownUserAgent };
const described = { ...common, "accept-language": "en", "user-agent": "App/1.0" };
const redirectUri = "https://app.example/cb";
const application = { clientId: "client-1", redirectUri, scopes: ["openid"], policies: [] };
const start: StartCommand = {
  applicationName: "web",
  application,
  policy: undefined,
  codeChallenge: "challenge",
  nonce: undefined,
  loginHint: undefined,
};
const jar: Jar = {
  upstreamFlowId: "f-0",
  cookies: [{ name: "lb", value: "%31" }],
  state: "st-1",
  nonce: "no-1",
  application: "web",
};

/** A server that gives one answer, and a client of it. */
async function scripted(
  answer: (outgoing: ServerResponse) => void,
  overrides: Partial<PingOneSettings> = {},
) {
  const requests: Awaited<ReturnType<typeof record>>[] = [];
  const origin = await serveHttp(async (incoming, outgoing) => {
    requests.push(await record(incoming));
    outgoing.setHeader("Date", new Date(now).toUTCString());
    answer(outgoing);
  });
  return { requests, host: new URL(origin).host, pingOne: clientOf(`${origin}/env-1`, overrides) };
}

function clientOf(baseUrl: string, overrides: Partial<PingOneSettings> = {}) {
  const settings = { baseUrl, timeoutMs: patienceMs, forwardUserAgent: true, forwardAcceptLanguage: true };
  return createPingOne({ ...settings, ...overrides }, clock);
}

function json(status: number, body: unknown, headers: Record<string, string | string[]> = {}) {
  return (outgoing: ServerResponse) =>
    outgoing
      .writeHead(status, { "Content-Type": "application/hal+json;charset=UTF-8", ...headers })
      .end(JSON.stringify(body));
}

describe("start", () => {
  const secretForm = /^[\w-]{43}$/;

  it("sends one form, and gives a jar with the secrets it drew", async () => {
    const { pingOne, requests, host } = await scripted(
      json(200, flowBody(), { "Set-Cookie": "lb=1; Path=/", "Correlation-Id": "c-1" }),
    );
    const reply = await pingOne.start(start, device);
    expect(reply).toStrictEqual({
      answer: { kind: "flow", flow: expect.objectContaining({ status: "OTP_REQUIRED" }) },
      jar: {
        upstreamFlowId: "f-1",
        cookies: [{ name: "lb", value: "1", path: "/" }],
        state: expect.stringMatching(secretForm),
        nonce: expect.stringMatching(secretForm),
        application: "web",
        codeChallenge: "challenge",
      },
      correlationId: "c-1",
      httpStatus: 200,
    });
    const form = new URLSearchParams({
      response_type: "code",
      response_mode: "pi.flow",
      client_id: "client-1",
      redirect_uri: "https://app.example/cb",
      scope: "openid",
      state: reply.jar.state,
      nonce: reply.jar.nonce,
      code_challenge: "challenge",
      code_challenge_method: "S256",
    }).toString();
    expect(requests).toStrictEqual([
      {
        method: "POST",
        url: "/env-1/as/authorize",
        headers: {
          ...described,
          connection: "keep-alive",
          "content-length": String(form.length),
          "content-type": "application/x-www-form-urlencoded",
          host,
        },
        body: form,
      },
    ]);
  });

  it("draws anew each time, but takes the client's nonce", async () => {
    const { pingOne } = await scripted(json(200, flowBody()));
    const { jar: one } = await pingOne.start(start, {});
    const { jar: other } = await pingOne.start({ ...start, nonce: "theirs" }, {});
    expect(other.nonce).toBe("theirs");
    expect(new Set([one.state, one.nonce, other.state, other.nonce]).size).toBe(4);
  });

  it("is in doubt only when it named a person", async () => {
    const { pingOne } = await scripted(json(500, failure("UNEXPECTED_ERROR")));
    expect((await pingOne.start(start, {})).answer).toStrictEqual({ kind: "unsent" });
    const hinted = await pingOne.start({ ...start, loginHint: "jane" }, {});
    expect(hinted).toMatchObject({
      answer: { kind: "doubtful" },
      jar: { upstreamFlowId: "" },
      httpStatus: 500,
    });
  });
});

describe("act", () => {
  it("sends the action with the cookies held, and merges what came", async () => {
    const { pingOne, requests, host } = await scripted(
      json(200, passwordSeed, { "Set-Cookie": [sessionCookie, "ST-NO-SS=x; Path=/env-1; Secure"] }),
    );
    const command = steps.password.command({ username: "jane", password: "p\u00e4ss" });
    expect(await pingOne.act(command, jar, application, device)).toStrictEqual({
      answer: { kind: "flow", flow: expect.objectContaining({ status: "COMPLETED" }) },
      jar: {
        ...jar,
        upstreamFlowId: "03c69293-8ec6-4f4a-a60f-535eae4b7520",
        cookies: [
          { name: "lb", value: "%31" },
          { name: "ST", value: "3e0967f4-aba0-479c-86cf-fb5fe5b804d6", expiresAt: now + 2_592_000_000 },
          { name: "ST-NO-SS", value: "x" },
        ],
      },
      httpStatus: 200,
    });
    expect(requests).toStrictEqual([
      {
        method: "POST",
        url: "/env-1/flows/f-0",
        headers: {
          ...described,
          connection: "keep-alive",
          "content-length": "38",
          "content-type": "application/vnd.pingidentity.usernamePassword.check+json",
          cookie: "lb=%31",
          host,
        },
        body: '{"username":"jane","password":"p\u00e4ss"}',
      },
    ]);
  });

  it("keeps the cookies of a rejection, and the flow's id", async () => {
    const detail = { code: "INVALID_OTP", innerError: { attemptsRemaining: 1 } };
    const cookie = { "Set-Cookie": "lb=2; Path=/env-1" };
    const { pingOne } = await scripted(json(400, failure("INVALID_DATA", detail), cookie));
    expect(await pingOne.act(steps.otp.command({ otp: "123456" }), jar, application, {})).toStrictEqual({
      answer: { kind: "rejected", attemptsRemaining: 1 },
      jar: { ...jar, cookies: [{ name: "lb", value: "2" }] },
      httpStatus: 400,
    });
  });

  it("keeps the cookies of a reply that broke off", async () => {
    const { pingOne } = await scripted((outgoing) => {
      const headers = { "Correlation-Id": "c-1", "Content-Length": 99 };
      outgoing.writeHead(200, { "Set-Cookie": "ST=1; Path=/env-1", ...headers });
      outgoing.write("{", () => outgoing.destroy());
    }, {});
    expect(await pingOne.act(steps.otp.command({ otp: "123456" }), jar, application, {})).toStrictEqual({
      answer: { kind: "doubtful" },
      jar: { ...jar, cookies: [...jar.cookies, { name: "ST", value: "1" }] },
      correlationId: "c-1",
      httpStatus: 200,
    });
  });

  it("keeps to its time", async () => {
    const asked = Promise.withResolvers<void>();
    const { pingOne, requests } = await scripted(() => asked.resolve(), { timeoutMs: 150 });
    const timers = standTimers();
    const reply = pingOne.act(steps.lookup.command({ username: "jane" }), jar, application, {});
    await asked.promise;
    timers.pass(150);
    expect(await reply).toStrictEqual({ answer: { kind: "doubtful" }, jar });
    expect(requests).toHaveLength(1);
  });

  it("proves that nothing was sent", async () => {
    const pingOne = clientOf(refusedUrl);
    const chosen = steps.device.command({ deviceId: "d" });
    const unsent = { answer: { kind: "unsent" }, jar };
    expect(await pingOne.act(chosen, jar, application, {})).toStrictEqual(unsent);
  });

  it("resumes without following the redirect", async () => {
    const { pingOne, requests, host } = await scripted(
      json(302, "", { Location: "https://app.example/cb?code=c-1&state=st-1" }),
      { forwardUserAgent: false, forwardAcceptLanguage: false },
    );
    expect(await pingOne.act(steps.resume.command({}), jar, application, device)).toStrictEqual({
      answer: { kind: "authorized", code: "c-1" },
      jar,
      httpStatus: 302,
    });
    expect(requests).toStrictEqual([
      {
        method: "GET",
        url: "/env-1/as/resume?flowId=f-0",
        headers: { ...common, connection: "keep-alive", cookie: "lb=%31", host },
        body: "",
      },
    ]);
  });

  it("holds the state of the jar against the code", async () => {
    const { pingOne } = await scripted(json(200, { authorizeResponse: { code: "c-1", state: "st-2" } }));
    expect(await pingOne.act(steps.resume.command({}), jar, application, {})).toMatchObject({
      answer: { kind: "denied" },
    });
  });
});

describe("read", () => {
  it("gets the flow and adopts its new id", async () => {
    const { pingOne, requests, host } = await scripted(json(200, lookupEmailSeed));
    expect(await pingOne.read(jar, device, "password")).toStrictEqual({
      answer: { kind: "flow", flow: expect.objectContaining({ status: "OTP_REQUIRED" }) },
      jar: { ...jar, upstreamFlowId: "0305793d-7b59-4b59-a1a4-043287dd5d64" },
      httpStatus: 200,
    });
    expect(requests).toStrictEqual([
      {
        method: "GET",
        url: "/env-1/flows/f-0",
        headers: { ...described, connection: "keep-alive", cookie: "lb=%31", host },
        body: "",
      },
    ]);
  });

  it("leaves a doubt when the reply breaks off: it may have brought the session cookie", async () => {
    const { pingOne } = await scripted((outgoing) => outgoing.destroy());
    expect(await pingOne.read(jar, {}, "otp")).toStrictEqual({ answer: { kind: "doubtful" }, jar });
  });

  it("tells that the flow is gone", async () => {
    const { pingOne } = await scripted(json(404, failure("NOT_FOUND")));
    const gone = { answer: { kind: "gone" }, jar, httpStatus: 404 };
    expect(await pingOne.read(jar, {}, "password")).toStrictEqual(gone);
  });
});
