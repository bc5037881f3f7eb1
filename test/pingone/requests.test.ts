import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Jar } from "../../lib/flow/jar.ts";
import type { DeviceContext, StartCommand } from "../../lib/flow/provider.ts";
import { type StepCommand, steps } from "../../lib/flow/steps.ts";
import { placeOf } from "../../lib/pingone/cookie-scope.ts";
import { mergeCookies } from "../../lib/pingone/cookies.ts";
import {
  authorizeRequest,
  type RequestContext,
  readRequest,
  stepRequest,
  type UpstreamRequest,
} from "../../lib/pingone/requests.ts";
import type { PingOneSettings } from "../../lib/pingone/settings.ts";

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
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
/** What every request says where nobody's device is known. */
const common = {
  accept: "*/*",
  "accept-encoding": "identity",
  "user-agent": `pingone-flow-functions/${version}`,
};

describe("authorizeRequest", () => {
  it("posts every parameter as a form", () => {
    const command = { ...start, policy: "Single_Factor", loginHint: "jane+1@example.com" };
    expect(authorizeRequest(command, secrets, context)).toStrictEqual({
      method: "POST",
      url: "https://auth.pingone.eu/env-1/as/authorize",
      headers: { ...common, "content-type": "application/x-www-form-urlencoded" },
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

describe("stepRequest", () => {
  it.each(cases)("posts %o with the media type of its action", (command, action, body) => {
    expect(stepRequest(command, jar, context)).toStrictEqual({
      method: "POST",
      url: "https://auth.pingone.eu/env-1/flows/a%2Fb%3Fc",
      headers: {
        ...common,
        cookie: "ST=s%20t; lb=1",
        "content-type": `application/vnd.pingidentity.${action}+json`,
      },
      body: JSON.stringify(body),
    });
  });

  it("takes along the cookies that are for its path, and for no other's", () => {
    const cookies = [
      { name: "everywhere", value: "1" },
      { name: "host", value: "2", path: "/" },
      { name: "resume", value: "3", path: "/env-1/as" },
      { name: "flows", value: "4", path: "/env-1/flows" },
      { name: "flow", value: "5", path: "/env-1/flows/a%2Fb%3Fc" },
      { name: "other", value: "6", path: "/env-1/flows/other" },
    ];
    const sent = ({ headers }: UpstreamRequest) => headers["cookie"];
    const shared = { ...jar, cookies };
    const ofFlow = "flow=5; flows=4; everywhere=1; host=2";
    for (const [command] of cases) expect(sent(stepRequest(command, shared, context))).toBe(ofFlow);
    expect(sent(readRequest(shared, context))).toBe(ofFlow);
    expect(sent(stepRequest(steps.resume.command({}), shared, context))).toBe(
      "resume=3; everywhere=1; host=2",
    );
  });

  it("gets resume with the flow id in the query", () => {
    expect(stepRequest(steps.resume.command({}), jar, context)).toStrictEqual({
      method: "GET",
      url: "https://auth.pingone.eu/env-1/as/resume?flowId=a%2Fb%3Fc",
      headers: { ...common, cookie: "ST=s%20t; lb=1" },
    });
  });
});

describe("readRequest", () => {
  it("gets the flow with the cookies that are alive", () => {
    expect(readRequest(jar, context)).toStrictEqual({
      method: "GET",
      url: "https://auth.pingone.eu/env-1/flows/a%2Fb%3Fc",
      headers: { ...common, cookie: "ST=s%20t; lb=1" },
    });
  });
});

describe("the person's device", () => {
  const bare = { ...jar, cookies: [] };
  const headersOf = (device: DeviceContext, overrides: Partial<PingOneSettings> = {}) =>
    readRequest(bare, { settings: { ...settings, ...overrides }, device, now: 0 }).headers;
  const browser = { userAgent: "Mozilla/5.0 (X11; Linux)", acceptLanguage: "de-CH, de;q=0.9" };

  it("is described to PingOne", () => {
    expect(headersOf(browser)).toStrictEqual({
      ...common,
      "user-agent": "Mozilla/5.0 (X11; Linux)",
      "accept-language": "de-CH, de;q=0.9",
    });
  });

  it("is not described when the settings forbid it: we are", () => {
    expect(headersOf(browser, { forwardUserAgent: false, forwardAcceptLanguage: false })).toStrictEqual(
      common,
    );
  });

  it.each<[string, string]>([
    ["x".repeat(600), "x".repeat(256)],
    [`${"x".repeat(255)} y`, "x".repeat(255)],
    ["x".repeat(256), "x".repeat(256)],
    ["x", "x"],
    ["Caf\u00e9/1.0 \u{1f600} (iPhone)", "Caf/1.0 (iPhone)"],
    ["\u65e5\u672c/2", "/2"],
    ["a\r\nX: y", "a X: y"],
    ["a\tb", "a b"],
    ["a\u0000b\u007f", "ab"],
    [" a ", "a"],
  ])("is cut and cleaned where it says %j, and named all the same", (userAgent, told) => {
    expect(headersOf({ userAgent })).toStrictEqual({ ...common, "user-agent": told });
  });

  it.each([undefined, "", " ", "\u00e9", "\r\n"])("is named by us where it says %j", (userAgent) => {
    expect(headersOf({ userAgent })).toStrictEqual(common);
  });

  it.each<[string, string | undefined]>([
    ["de", "de"],
    [" de ", "de"],
    [`de, ${"x".repeat(252)}`, `de, ${"x".repeat(252)}`],
    [`de, ${"x".repeat(253)}`, "de"],
    [`de,en;q=0.5 ,, ${"x".repeat(300)}`, "de,en;q=0.5"],
    ["x".repeat(257), undefined],
    [",".repeat(300), undefined],
    ["de, \u00e9", undefined],
    ["de\r\nX: y", undefined],
    ["", undefined],
  ])("prefers the languages that it says and that have room: %j", (acceptLanguage, told) => {
    expect(headersOf({ acceptLanguage })).toStrictEqual({
      ...common,
      ...(told === undefined ? {} : { "accept-language": told }),
    });
  });

  it("fills, with all the cookies that a jar has room for, no more than PingOne takes", () => {
    const place = placeOf(`${settings.baseUrl}/x`, settings.baseUrl);
    const cookies = mergeCookies([], [`ST=${"v".repeat(2_000)}`, `lb=${"v".repeat(740)}`], place, 0);
    expect(JSON.stringify(cookies).length).toBeGreaterThan(2_790);
    const device = { userAgent: "x".repeat(9_000), acceptLanguage: "de, ".repeat(2_000) };
    const id = '"'.repeat(128);
    const commands: readonly StepCommand[] = [...cases.map(([command]) => command), steps.resume.command({})];
    for (const command of commands) {
      const request = stepRequest(command, { ...jar, upstreamFlowId: id, cookies }, { ...context, device });
      const size = bytesOf(request);
      expect(size).toBeGreaterThan(3_700);
      // What the connection adds: the longest host there is, a length, and the end.
      expect(size + "host: ".length + 253 + ":65535".length + 100).toBeLessThan(6 * 1024);
    }
  });
});

/** The bytes of a request's head, as far as it is written here. */
function bytesOf({ method, url, headers }: UpstreamRequest): number {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.byteLength([`${method} ${url} HTTP/1.1`, ...lines].join("\r\n"));
}
