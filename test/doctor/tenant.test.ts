import { describe, expect, it, onTestFinished } from "vitest";
import { nobodysAccount } from "../../infra/placeholders.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { at, clockOff, file, openTenant } from "./tenant.ts";

/** PingOne's hosts, each of them a simulator of this machine or nothing at all. */
function hostsOf(places: Readonly<Record<string, string>>, asked: string[] = []): typeof globalThis.fetch {
  return (url, init) => {
    const { hostname, pathname } = new URL(String(url));
    asked.push(hostname);
    return globalThis.fetch(`${places[hostname] ?? "http://127.0.0.1:1"}${pathname}`, init);
  };
}

describe("npm run doctor, in a region", () => {
  it("says in which one the environment is", async () => {
    const tenant = await openTenant();
    const other = await startSimulator({ environmentId: "another" });
    onTestFinished(() => other.close());
    at(tenant, `https://auth.pingone.eu/${tenant.simulator.environmentId}`);
    const asked: string[] = [];
    const places = { "auth.pingone.eu": other.origin, "auth.pingone.com.au": tenant.simulator.origin };
    tenant.fetch = hostsOf(places, asked);
    expect((await tenant.visit()).findings).toEqual([
      `✗ region: The environment isn't at auth.pingone.eu. It is in Australia. → pingOne.baseUrl in ${file}: https://auth.pingone.com.au/${tenant.simulator.environmentId}`,
    ]);
    expect(asked).toEqual(["eu", "com", "ca", "com.au"].map((end) => `auth.pingone.${end}`));
  });

  it.each([
    ["environment-id", "PingOne has no environment there: it answers 404.", true],
    ["unreachable", "PingOne can't be asked: the connection broke", false],
  ])("says %s where none has it", async (kind, what, isThere) => {
    const tenant = await openTenant();
    const id = "7d1c0a52-9b7e-4a43-8f0e-3a5b9c2d1e0f";
    at(tenant, `https://auth.pingone.eu/${id}`);
    tenant.fetch = hostsOf(isThere ? { "auth.pingone.eu": tenant.simulator.origin } : {});
    const { findings, code } = await tenant.visit();
    expect(findings).toEqual([expect.stringContaining(`✗ ${kind}: ${what}`)]);
    expect(code).toBe(1);
  });
});

describe("npm run doctor", () => {
  it("names several things that are wrong, a line for each", async () => {
    const tenant = await openTenant();
    await tenant.register({ pkceEnforcement: "OPTIONAL", tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC" });
    tenant.set({ policies: ["Single_Factor", "None", "Neither"], clientAuthentication: "none" });
    clockOff(tenant, 3_600_000);
    const { findings, lines } = await tenant.visit();
    expect(findings.map((line) => line.split(":")[0])).toEqual(
      ["clock", "policy", "policy", "pkce", "auth-method"].map((kind) => `✗ ${kind}`),
    );
    expect(lines).toContain("Wrong: 5.");
  });

  it("makes no call that names a person, carries a credential or spends anything", async () => {
    const tenant = await openTenant();
    await tenant.visit();
    const calls = tenant.simulator.calls;
    expect(calls.map(({ action }) => action)).toEqual([
      "discovery",
      "jwks",
      "authorize",
      "authorize",
      "token",
      "authorize",
      "authorize",
    ]);
    const sent = calls.map(({ body, headers }) => JSON.stringify([body, headers]));
    expect(sent.filter((text) => /login_hint|username|password|authorization"|cookie/i.test(text))).toEqual(
      [],
    );
    expect(tenant.simulator.inbox.all()).toEqual([]);
  });

  it("asks about placeholders where nothing can be deployed but on an emulator", async () => {
    const tenant = await openTenant();
    const clientId = "00000000-0000-4000-8000-0000000000d1";
    await tenant.register({ clientId });
    tenant.set({ clientId });
    tenant.settings = { ...tenant.settings, account: nobodysAccount };
    expect(await tenant.visit()).toMatchObject({ code: 0, findings: [] });
  });

  it("lists what its calls can't see", async () => {
    const tenant = await openTenant();
    const plain = await tenant.visit();
    expect(plain.lines.filter((line) => line.startsWith("- ")).map((line) => line.split(":")[0])).toEqual(
      [
        "Sessions",
        "Tokens",
        "Tokens after the session's end",
        "Passwords",
        "Second factors",
        "Messages",
        "People",
      ].map((word) => `- ${word}`),
    );
    tenant.set({ passkeyOrigins: ["https://shop.test"], clientAuthentication: undefined });
    tenant.settings = { ...tenant.settings, egress: "static", allowedOrigins: ["https://shop.test"] };
    await tenant.register({ tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC" });
    const { lines, code } = await tenant.visit();
    const words = lines.filter((line) => line.startsWith("- ")).map((line) => line.split(":")[0]);
    expect(words).toEqual(expect.arrayContaining(["- CORS", "- Passkeys", "- Rate limits", "- shop"]));
    expect(code).toBe(0);
  });

  it("says how an application with a secret is looked at", async () => {
    const tenant = await openTenant();
    tenant.set({ clientAuthentication: "post" });
    await tenant.register({ tokenEndpointAuthMethod: "CLIENT_SECRET_POST" });
    const { lines, code } = await tenant.visit();
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^- Secrets: /)]));
    expect(code).toBe(0);
  });

  it("says which settings can't be used", async () => {
    const tenant = await openTenant();
    tenant.set({ scopes: [] });
    const { code, findings } = await tenant.visit();
    expect(findings).toEqual([expect.stringMatching(/^✗ settings: applications\.shop\.scopes: /)]);
    expect(code).toBe(1);
    expect(tenant.simulator.calls).toEqual([]);
  });
});
