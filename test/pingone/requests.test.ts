import { describe, expect, it } from "vitest";
import type { Jar } from "../../lib/flow/jar.ts";
import type { StartCommand } from "../../lib/flow/provider.ts";
import { type StepCommand, steps } from "../../lib/flow/steps.ts";
import {
  authorizeRequest,
  type RequestContext,
  readRequest,
  stepRequest,
} from "../../lib/pingone/requests.ts";

const settings = {
  baseUrl: "https://auth.pingone.eu/env-1",
  timeoutMs: 1000,
  forwardUserAgent: true,
  forwardAcceptLanguage: true,
};
const context: RequestContext = { settings, device: {}, now: 1000 };
const jar: Jar = {
  upstreamFlowId: "a/b?c",
  cookies: [
    { name: "ST", value: "s%20t" },
    { name: "gone", value: "x", expiresAt: 1000 },
    { name: "lb", value: "1" },
  ],
  state: "st",
  nonce: "no",
  application: "web",
};
const start: StartCommand = {
  applicationName: "web",
  application: {
    clientId: "client 1",
    redirectUri: "com.example.app:/cb",
    scopes: ["openid", "profile"],
    policies: ["Multi_Factor", "Single_Factor"],
  },
  policy: undefined,
  codeChallenge: "challenge",
  nonce: undefined,
  loginHint: undefined,
};
const secrets = { state: "st", nonce: "no" };

describe("authorizeRequest", () => {
  it("posts every parameter as a form", () => {
    const command = { ...start, policy: "Single_Factor", loginHint: "jane+1@example.com" };
    expect(authorizeRequest(command, secrets, context)).toStrictEqual({
      method: "POST",
      url: "https://auth.pingone.eu/env-1/as/authorize",
      headers: { accept: "*/*", "content-type": "application/x-www-form-urlencoded" },
      body:
        "response_type=code&response_mode=pi.flow&client_id=client+1&redirect_uri=com.example.app%3A%2Fcb" +
        "&scope=openid+profile&state=st&nonce=no&code_challenge=challenge&code_challenge_method=S256" +
        "&acr_values=Single_Factor&login_hint=jane%2B1%40example.com",
    });
  });

  it("leaves the policy to PingOne unless told otherwise", () => {
    expect(authorizeRequest(start, secrets, context).body).not.toMatch(/acr_values|login_hint/);
  });
});

describe("stepRequest", () => {
  const cases: readonly (readonly [StepCommand, string, object])[] = [
    [steps.lookup.command({ username: "jane" }), "user.lookup", { username: "jane" }],
    [
      steps.password.command({ username: "jane", password: 'p"\u00e4' }),
      "usernamePassword.check",
      { username: "jane", password: 'p"\u00e4' },
    ],
    [steps.otp.command({ otp: "012345" }), "otp.check", { otp: "012345" }],
    [steps.device.command({ deviceId: "d-1" }), "device.select", { device: { id: "d-1" } }],
  ];

  it.each(cases)("posts %o with the media type of its action", (command, action, body) => {
    expect(stepRequest(command, jar, context)).toStrictEqual({
      method: "POST",
      url: "https://auth.pingone.eu/env-1/flows/a%2Fb%3Fc",
      headers: {
        accept: "*/*",
        cookie: "ST=s%20t; lb=1",
        "content-type": `application/vnd.pingidentity.${action}+json`,
      },
      body: JSON.stringify(body),
    });
  });

  it("gets resume with the flow id in the query", () => {
    expect(stepRequest(steps.resume.command({}), jar, context)).toStrictEqual({
      method: "GET",
      url: "https://auth.pingone.eu/env-1/as/resume?flowId=a%2Fb%3Fc",
      headers: { accept: "*/*", cookie: "ST=s%20t; lb=1" },
    });
  });
});

describe("readRequest", () => {
  it("gets the flow with the cookies that are alive", () => {
    expect(readRequest(jar, context)).toStrictEqual({
      method: "GET",
      url: "https://auth.pingone.eu/env-1/flows/a%2Fb%3Fc",
      headers: { accept: "*/*", cookie: "ST=s%20t; lb=1" },
    });
  });
});

describe("the person's device", () => {
  const device = { userAgent: "Mozilla/5.0 (X11; Linux)", acceptLanguage: "de-CH, de;q=0.9" };
  const bare = { ...jar, cookies: [] };

  it("is described to PingOne", () => {
    expect(readRequest(bare, { ...context, device }).headers).toStrictEqual({
      accept: "*/*",
      "user-agent": "Mozilla/5.0 (X11; Linux)",
      "accept-language": "de-CH, de;q=0.9",
    });
  });

  it("is not described when the settings forbid it", () => {
    const closed = { ...settings, forwardUserAgent: false, forwardAcceptLanguage: false };
    expect(readRequest(bare, { settings: closed, device, now: 0 }).headers).toStrictEqual({ accept: "*/*" });
  });

  it.each(["", " ", "a\r\nX: y", "a\tb", "caf\u00e9", "\u{1f600}", " a", "a ", "x".repeat(513)])(
    "is not believed when it says %j",
    (value) => {
      const headers = readRequest(bare, {
        ...context,
        device: { userAgent: value, acceptLanguage: value },
      }).headers;
      expect(headers).toStrictEqual({ accept: "*/*" });
    },
  );

  it.each(["x", "x".repeat(512)])("may be as short and as long as %s", (value) => {
    expect(readRequest(bare, { ...context, device: { userAgent: value } }).headers["user-agent"]).toBe(value);
  });
});
