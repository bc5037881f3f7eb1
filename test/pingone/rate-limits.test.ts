import { describe, expect, it } from "vitest";
import type { Jar } from "../../lib/flow/jar.ts";
import type { IdentityProvider, StartCommand, UpstreamReply } from "../../lib/flow/provider.ts";
import { steps } from "../../lib/flow/steps.ts";
import { createPingOne } from "../../lib/pingone/client.ts";
import { serveHttp } from "../support/loopback.ts";
import { patienceMs } from "../support/patience.ts";
import { failure, flowBody, serverNow } from "./answers.ts";

const application = {
  clientId: "c",
  redirectUri: "https://app.example/cb",
  scopes: ["openid"],
  policies: [],
};
const start: StartCommand = {
  ...{ applicationName: "web", application, codeChallenge: "challenge" },
  ...{ policy: undefined, nonce: undefined, loginHint: undefined },
};
const jar: Jar = { upstreamFlowId: "f-0", cookies: [], state: "s", nonce: "n", application: "web" };

type Ask = (pingOne: IdentityProvider) => Promise<UpstreamReply>;
/** Every call that is made for a person. */
const personal: Readonly<Record<string, Ask>> = {
  "start with a hint": (pingOne) => pingOne.start({ ...start, loginHint: "jane" }, {}),
  lookup: (pingOne) => pingOne.act(steps.lookup.command({ username: "jane" }), jar, application, {}),
  password: (pingOne) =>
    pingOne.act(steps.password.command({ username: "jane", password: "p" }), jar, application, {}),
  otp: (pingOne) => pingOne.act(steps.otp.command({ otp: "123456" }), jar, application, {}),
  device: (pingOne) => pingOne.act(steps.device.command({ deviceId: "d" }), jar, application, {}),
  resume: (pingOne) => pingOne.act(steps.resume.command({}), jar, application, {}),
  read: (pingOne) => pingOne.read(jar, {}, "otp"),
};
const startOf: Ask = (pingOne) => pingOne.start(start, {});

interface Limit {
  readonly status?: number;
  readonly body: unknown;
  readonly wait?: string;
}

/** PingOne, which answers one call with a limit and the others with a flow. */
async function limitOnce({ status = 429, body, wait }: Limit) {
  let calls = 0;
  const origin = await serveHttp((incoming, outgoing) => {
    incoming.resume();
    calls += 1;
    outgoing.setHeader("Date", new Date(serverNow).toUTCString());
    if (calls > 1) {
      outgoing.end(JSON.stringify(flowBody()));
      return;
    }
    if (wait !== undefined) outgoing.setHeader("Retry-After", wait);
    outgoing.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { origin, calls: () => calls };
}

/**
 * For how long nobody else reached PingOne after a limit, in whole seconds.
 *
 * @param asks who meets the limit
 */
async function held(limit: Limit, asks: Ask): Promise<number> {
  const { origin, calls } = await limitOnce(limit);
  let now = serverNow;
  const settings = { timeoutMs: patienceMs, forwardUserAgent: true, forwardAcceptLanguage: true };
  const pingOne = createPingOne({ baseUrl: `${origin}/env`, ...settings }, { now: () => now });
  expect((await asks(pingOne)).answer.kind).toMatch(/^(?:rate-limited|locked)$/);
  while (now - serverNow <= 60_000) {
    const { answer } = await startOf(pingOne);
    if (answer.kind === "flow") {
      expect(calls()).toBe(2);
      return (now - serverNow) / 1000;
    }
    // Whoever is held back is told for how long, and PingOne is not asked.
    expect(answer).toStrictEqual({ kind: "rate-limited", retryAfter: expect.any(Number) });
    expect(calls()).toBe(1);
    now += 1_000;
  }
  return Number.POSITIVE_INFINITY;
}

const limited = (...details: object[]) => failure("REQUEST_LIMITED", ...details);
const exceeded = (more: object) => limited({ code: "LIMIT_EXCEEDED", ...more });

describe("one person's limit", () => {
  const limits: readonly (readonly [string, Limit])[] = [
    ["about a user name", { body: exceeded({ target: "username" }), wait: "1" }],
    ["about a user", { body: exceeded({ target: "user.id" }), wait: "1" }],
    ["about a hint", { body: exceeded({ target: "login_hint" }), wait: "1" }],
    ["about a device", { body: exceeded({ target: "device.id" }), wait: "1" }],
    ["about a passcode", { body: exceeded({ target: "otp" }), wait: "1" }],
    ["about a mail", { body: exceeded({ target: "Email" }), wait: "1" }],
    ["that is a quota", { body: limited({ code: "QUOTA_EXCEEDED" }), wait: "1" }],
    ["that is a quota at the top", { body: failure("QUOTA_EXCEEDED"), wait: "1" }],
    ["with a quota in it", { body: exceeded({ innerError: { quotaLimit: 50 } }), wait: "1" }],
    ["with the quota's end in it", { body: exceeded({ innerError: { quotaResetTime: "x" } }), wait: "1" }],
    ["with tries in it", { body: exceeded({ innerError: { attemptsRemaining: 0 } }), wait: "1" }],
    ["with an unlock in it", { body: exceeded({ innerError: { secondsUntilUnlock: 9 } }), wait: "1" }],
    [
      "with a cool-down in it",
      { body: limited({ code: "QUOTA_EXCEEDED", innerError: { coolDownExpiresAt: serverNow + 9_000 } }) },
    ],
    [
      "in the second detail",
      { body: limited({ code: "LIMIT_EXCEEDED" }, { target: "username" }), wait: "1" },
    ],
    ["that lasts far longer than a rate limit", { body: exceeded({}), wait: "11" }],
    ["that lasts an hour, by the body", { body: exceeded({ innerError: { retryAfter: 3600 } }) }],
    ["that lasts until a date", { body: exceeded({}), wait: new Date(serverNow + 60_000).toUTCString() }],
  ];

  it.each(limits)("%s holds nobody else back, whatever they asked", async (_name, limit) => {
    for (const asks of Object.values(personal)) expect(await held(limit, asks)).toBe(0);
  });

  it("holds nobody else back where it comes with a 400", async () => {
    for (const asks of Object.values(personal)) {
      expect(await held({ status: 400, body: exceeded({}), wait: "5" }, asks)).toBe(0);
    }
  });
});

describe("the limit of our address", () => {
  const limits: readonly (readonly [string, Limit, number])[] = [
    ["for a second", { body: exceeded({}), wait: "1" }, 1],
    ["for ten", { body: exceeded({}), wait: "10" }, 10],
    ["by the body", { body: exceeded({ innerError: { retryAfter: 3 } }) }, 3],
    ["until a date", { body: exceeded({}), wait: new Date(serverNow + 4_000).toUTCString() }, 4],
    ["that says nothing else", { body: limited() }, 1],
    ["about the environment", { body: exceeded({ target: "Environment.id" }), wait: "2" }, 2],
    ["of a front, which knows nobody", { body: "<html>Too many</html>", wait: "20" }, 20],
    ["of a front for an hour", { body: "", wait: "3600" }, 30],
  ];

  it.each(limits)("%s holds everybody back for as long, whoever met it", async (_name, limit, seconds) => {
    for (const asks of Object.values(personal)) expect(await held(limit, asks)).toBe(seconds);
    expect(await held(limit, startOf)).toBe(seconds);
  });

  it("is what a start without a name meets, whatever it says", async () => {
    expect(await held({ body: exceeded({ target: "username" }), wait: "2" }, startOf)).toBe(2);
    expect(await held({ body: limited({ code: "QUOTA_EXCEEDED" }), wait: "60" }, startOf)).toBe(30);
  });
});
