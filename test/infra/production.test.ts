import { describe, expect, it } from "vitest";
import type { Environment } from "../../infra/environment.ts";
import { environmentWarnings } from "../../infra/environment-check.ts";
import { prod } from "../../infra/environments/prod.ts";
import { refusal } from "./refusal.ts";

describe("production", () => {
  const { domain: _domain, alarms: _alarms, ...bare } = prod;
  const { firewall: _firewall, ...open } = prod;
  const standIn =
    "pingOne.baseUrl: Production's PingOne is a public host: no address, loopback or reserved name, so no simulator.";
  const withBaseUrl = (baseUrl: string): Environment => ({ ...prod, pingOne: { ...prod.pingOne, baseUrl } });
  it.each<[string, Environment, string]>([
    [
      "an origin without TLS",
      { ...prod, allowedOrigins: ["http://localhost:3000"], cookieDelivery: false },
      "allowedOrigins.0: Production allows origins of https and of hybrid apps only.",
    ],
    [
      "http to a simulator",
      withBaseUrl("http://127.0.0.1:9031/x"),
      `pingOne.baseUrl: Production reaches PingOne by https.\n${standIn}`,
    ],
    ["a simulator's address", withBaseUrl("https://10.0.0.7/x"), standIn],
    ["a simulator's IPv6 address", withBaseUrl("https://[::1]/x"), standIn],
    ["a simulator's name", withBaseUrl("https://simulator/x"), standIn],
    ["a reserved name", withBaseUrl("https://pingone.test/x"), standIn],
    [
      "nobody to tell of an alarm",
      { ...bare, domain: prod.domain, gradualDeployment: false },
      "Production needs somebody who is told of an alarm.",
    ],
    ["no firewall", open, "Production needs a firewall."],
    [
      "a host that http is taken for",
      { ...prod, pingOne: { ...prod.pingOne, plainHttpHost: "simulator.example" } },
      "pingOne.plainHttpHost: Production reaches PingOne by https, so no host is taken by http.",
    ],
    [
      "short log retention",
      { ...prod, logRetentionDays: 30 },
      "Production keeps its logs for 90 days or more.",
    ],
    [
      "a table that can be deleted",
      { ...prod, deletionProtection: false },
      "Production's table is protected from deletion.",
    ],
  ])("is refused for %s", (_what, settings, sentence) => {
    expect(refusal(settings)).toBe(sentence);
  });

  it("tells every reason at once", () => {
    expect(refusal({ ...prod, deletionProtection: false, logRetentionDays: 7 }).split("\n")).toHaveLength(2);
  });
});

const bearing = { ...prod, cookieDelivery: false };
const { applications } = prod;
const withOrigin = (origin: string): Environment => ({
  ...bearing,
  allowedOrigins: ["https://app.example.com", origin],
});
const withRedirect = (redirectUri: string): Environment => ({
  ...prod,
  applications: { ...applications, web: { ...applications.web, redirectUri } },
});

/** Production with one host in each of the settings that name one. */
const named: readonly (readonly [setting: string, withHost: (host: string) => Environment])[] = [
  ["pingOne.baseUrl", (host) => ({ ...prod, pingOne: { ...prod.pingOne, baseUrl: `https://${host}/x` } })],
  ["applications.web.redirectUri", (host) => withRedirect(`https://${host}/callback`)],
  ["allowedOrigins.1", (host) => withOrigin(`https://${host}`)],
  ["domain.name", (name) => ({ ...bearing, domain: { ...prod.domain, name } })],
];

describe("a host in production", () => {
  const reserved = [
    ...["localhost:8443", "a.localhost", "sim.test", "pingone.invalid", "app.example", "x.onion", "x.alt"],
    // The same machine by a name that no comparison knows.
    ...["localhost.", "sim.test.", "auth.pingone.eu.", "localhost%2e"],
    ...["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.0.0.1."],
    ...["127.0.0.1.nip.io", "sim.127-0-0-1.sslip.io", "localtest.me", "sim.lvh.me", "localhost.localdomain"],
    ...["SIM.TEST", "ｓｉｍ.ｔｅｓｔ", "sim。test", "0", "1", "[::]", "[0:0:0:0:0:0:0:1]", "169.254.169.254"],
    ...["10.0.0.7", "203.0.113.9", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fd00::1]"],
  ];
  const cases = named.flatMap(([setting, withHost]) =>
    reserved.map((host) => [host, setting, withHost] as const),
  );

  it.each(cases)("is not %s: %s", (host, setting, withHost) => {
    const lines = refusal(withHost(host)).split("\n");
    expect(lines.filter((line) => !line.startsWith(`${setting}: `))).toEqual([]);
  });

  it.each(["simulator", "pingone.internal", "app.corp", "app.local", "app.home.arpa"])(
    "may be %s with a warning, but for PingOne's",
    (host) => {
      const isName = (setting: string) => setting !== "domain.name" || host.includes(".");
      for (const [setting, withHost] of named.filter(([setting]) => isName(setting))) {
        const settings = withHost(host);
        const isPingOne = setting === "pingOne.baseUrl";
        expect(refusal(settings)).toMatch(isPingOne ? /^pingOne\.baseUrl: [^\n]*$/ : /^taken$/);
        expect([...environmentWarnings(settings).keys()]).toEqual(isPingOne ? [] : [setting]);
        expect(environmentWarnings({ ...settings, production: false }).size).toBe(0);
      }
    },
  );

  it.each(["app.example.com", "app.co.uk", "example.github.io", "xn--bcher-kva.example.com"])(
    "may be %s without one",
    (host) => {
      for (const [, withHost] of named) {
        expect(refusal(withHost(host))).toBe("taken");
        expect(environmentWarnings(withHost(host)).size).toBe(0);
      }
    },
  );
});

describe("an address in production", () => {
  it.each(["http://localhost:3000/cb", "http://127.0.0.1/cb", "http://[::1]:7777/cb"])(
    "that codes are sent to is not %s",
    (redirectUri) => {
      expect(refusal(withRedirect(redirectUri))).toBe(
        "applications.web.redirectUri: Production sends codes to https or to an app's own scheme.",
      );
    },
  );

  it.each(["com.example.app:/cb", "com.example.app://callback"])(
    "that codes are sent to may be %s",
    (uri) => {
      expect(refusal(withRedirect(uri))).toBe("taken");
    },
  );

  const appOrigins = [
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "app://.",
    "app://pages",
  ];
  it.each([...appOrigins, "https://localhost", "https://tauri.localhost"])(
    "of a page may be %s",
    (origin) => {
      expect([refusal(withOrigin(origin)), environmentWarnings(withOrigin(origin)).size]).toEqual([
        "taken",
        0,
      ]);
    },
  );

  it.each(["http://localhost", "http://app.example.com", "http://tauri.localhost"])(
    "of a page is not %s",
    (origin) => {
      expect(refusal(withOrigin(origin))).toBe(
        "allowedOrigins.1: Production allows origins of https and of hybrid apps only.",
      );
    },
  );
});
