import { describe, expect, it } from "vitest";
import {
  ConfigurationError,
  configurationFaults,
  type FunctionEnvironment,
  loadConfig,
} from "../lib/config.ts";
import { standInHashKey } from "./support/stand-in.ts";

const applications = {
  mobile: {
    clientId: "abc",
    redirectUri: "com.example.app:/cb",
    scopes: ["openid"],
    policies: ["Single_Factor"],
  },
};

const complete: FunctionEnvironment = {
  ENVIRONMENT: "dev",
  TABLE_NAME: "flows",
  PINGONE_BASE_URL: "https://auth.pingone.eu/11111111-2222-4333-8444-555555555555",
  APPLICATIONS: JSON.stringify(applications),
  HASH_KEY_ARN: standInHashKey,
};

function messageFor(environment: Record<string, string | undefined>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
  }
  throw new Error("The configuration was taken.");
}

describe("loadConfig", () => {
  it("reads a whole environment, with its defaults", () => {
    expect(loadConfig(complete)).toMatchObject({
      environment: "dev",
      tableName: "flows",
      cookieDelivery: false,
      pingOne: { timeoutMs: 8_000, forwardUserAgent: true, forwardAcceptLanguage: true },
      hashKeyArn: standInHashKey,
      flows: {
        attemptLimit: 10,
        credentialLimit: 5,
        disclosure: "hints",
        nameLimits: { perName: 10, perNetwork: 200, windowMs: 300_000 },
        messageLimits: { perPerson: 15, windowMs: 900_000 },
        applications,
        budgets: { upstreamMs: 8_000, leaseMs: 17_000 },
      },
    });
  });

  it("refuses with one message that names every missing variable", () => {
    expect(messageFor({})).toBe(
      "The function can't start. Environment variables missing: ENVIRONMENT, TABLE_NAME, PINGONE_BASE_URL, APPLICATIONS, HASH_KEY_ARN.",
    );
  });

  it("tells missing from wrong, and repeats no value", () => {
    const wrong = {
      ...complete,
      TABLE_NAME: "",
      PINGONE_BASE_URL: "http://auth.pingone.eu/secret-looking",
      ATTEMPT_LIMIT: "many",
      COOKIE_DELIVERY: "on",
      DISCLOSURE: "none",
      FORWARD_USER_AGENT: "yes please",
    };
    const message = messageFor(wrong);
    expect(message).toBe(
      "The function can't start. Environment variables missing: TABLE_NAME; " +
        "wrong: PINGONE_BASE_URL, ATTEMPT_LIMIT, DISCLOSURE, COOKIE_DELIVERY, FORWARD_USER_AGENT.",
    );
  });

  const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000";
  const prefix = "sign-on/dev/credentials/";

  it("knows what a workflow needs where both variables are set, and only there", () => {
    const both = { ...complete, WORKFLOW_KEY_ARN: keyArn, CREDENTIAL_SECRET_PREFIX: prefix };
    expect(loadConfig(both).workflow).toEqual({ keyArn, credentialSecretPrefix: prefix });
    const empty = { ...complete, WORKFLOW_KEY_ARN: "", CREDENTIAL_SECRET_PREFIX: "" };
    expect(loadConfig(empty)).not.toHaveProperty("workflow");
    expect(loadConfig(complete)).not.toHaveProperty("workflow");
  });

  it.each([
    ["no prefix", { WORKFLOW_KEY_ARN: keyArn }, "missing: CREDENTIAL_SECRET_PREFIX"],
    ["no key", { CREDENTIAL_SECRET_PREFIX: prefix }, "missing: WORKFLOW_KEY_ARN"],
    [
      "an alias",
      { WORKFLOW_KEY_ARN: "alias/x", CREDENTIAL_SECRET_PREFIX: prefix },
      "wrong: WORKFLOW_KEY_ARN",
    ],
    [
      "a prefix that is no path",
      { WORKFLOW_KEY_ARN: keyArn, CREDENTIAL_SECRET_PREFIX: "sign-on" },
      "wrong: CREDENTIAL_SECRET_PREFIX",
    ],
    [
      "no prefix and other faults",
      { WORKFLOW_KEY_ARN: keyArn, TABLE_NAME: "" },
      "missing: TABLE_NAME, CREDENTIAL_SECRET_PREFIX",
    ],
  ])("refuses %s", (_, variables, named) => {
    expect(messageFor({ ...complete, ...variables })).toBe(
      `The function can't start. Environment variables ${named}.`,
    );
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "{", "APPLICATIONS"],
    ["no application at all", "{}", "APPLICATIONS"],
    [
      "a client without a redirect",
      '{"mobile":{"clientId":"x","scopes":["openid"],"policies":[]}}',
      "APPLICATIONS.mobile.redirectUri",
    ],
    [
      "an unknown member",
      JSON.stringify({ mobile: { ...applications.mobile, secret: "s3cr3t" } }),
      "APPLICATIONS.mobile",
    ],
    [
      "what is signed with a secret that there is none of",
      JSON.stringify({
        mobile: { ...applications.mobile, stepUp: ["MFA"], signedRequest: "client-secret" },
      }),
      "APPLICATIONS.mobile.stepUp, APPLICATIONS.mobile.signedRequest",
    ],
  ])("finds %s in APPLICATIONS", (_, value, path) => {
    const message = messageFor({ ...complete, APPLICATIONS: String(value) });
    expect(message).toBe(`The function can't start. Environment variables wrong: ${path}.`);
  });

  const wrong = (variables: Record<string, string>) => {
    const environment = { ...complete, ...variables };
    const named = configurationFaults(environment).map(({ variable, member }) =>
      [variable, member].join("."),
    );
    expect(messageFor(environment)).toBe(
      `The function can't start. Environment variables wrong: ${named.join(", ").replaceAll(/\.(?=,|$)/g, "")}.`,
    );
    for (const { reason } of configurationFaults(environment)) {
      for (const value of Object.values(variables)) expect(reason).not.toContain(value);
    }
    return named;
  };
  const redirectingTo = (redirectUri: string) => ({
    APPLICATIONS: JSON.stringify({ mobile: { ...applications.mobile, redirectUri } }),
  });
  const origins =
    "https://a.example.com,http://localhost:3000,http://127.0.0.1:3000,http://[::1]:3000,https://localhost," +
    "capacitor://localhost,ionic://localhost,tauri://localhost,app://.,app://pages,https://xn--bcher-kva.example";

  it("takes origins of pages and of hybrid apps as they are sent", () => {
    const { allowedOrigins } = loadConfig({ ...complete, ALLOWED_ORIGINS: origins });
    expect(allowedOrigins).toEqual(origins.split(","));
  });

  it.each([
    ...[
      'https://a"b.example.com',
      "https://a$b.example.com",
      "https://a#b.example.com",
      "https://a'b.example.com",
    ],
    ...["https://a.example.com.", "https://A.example.com", "https://a.example.com/", "https://*.example.com"],
    ...[
      "capacitor://",
      "capacitor://localhost/",
      'capacitor://a"b',
      "capacitor:localhost",
      "file://",
      "null",
      "*",
    ],
  ])("refuses the origin %s, whichever it is in the list", (origin) => {
    expect(wrong({ ALLOWED_ORIGINS: origin })).toEqual(["ALLOWED_ORIGINS.0"]);
    expect(wrong({ ALLOWED_ORIGINS: `https://a.example.com,${origin}` })).toEqual(["ALLOWED_ORIGINS.1"]);
  });

  it.each(["capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://."])(
    "delivers no cookies where %s may call",
    (origin) => {
      const both = { ALLOWED_ORIGINS: `https://a.example.com,${origin}`, COOKIE_DELIVERY: "true" };
      expect(wrong(both)).toEqual(["COOKIE_DELIVERY."]);
      expect(wrong({ ...both, ATTEMPT_LIMIT: "many" })).toEqual(["ATTEMPT_LIMIT.", "COOKIE_DELIVERY."]);
      expect(loadConfig({ ...complete, ...both, COOKIE_DELIVERY: "false" }).cookieDelivery).toBe(false);
      const pages = { ...both, ALLOWED_ORIGINS: "https://a.example.com" };
      expect(loadConfig({ ...complete, ...pages }).cookieDelivery).toBe(true);
    },
  );

  it.each([
    ...["https://app.example.com/cb", "https://app.example.com:8443/cb?x=1", "com.example.app:/cb"],
    ...[
      "com.example.app://callback",
      "http://localhost:3000/cb",
      "http://127.0.0.1:1/cb",
      "http://[::1]:1/cb",
    ],
  ])("sends codes to %s", (uri) => {
    expect(configurationFaults({ ...complete, ...redirectingTo(uri) })).toEqual([]);
  });

  it.each([
    ...[
      "http://app.example.com/cb",
      "http://localhost.evil.example/cb",
      "app:/cb",
      "javascript:alert(1)",
      "cb",
    ],
    ...[
      "https://localhost./cb",
      "https://sim.test./cb",
      "https://app.example.com%2e/cb",
      "http://localhost./cb",
    ],
    ...["https://app.example.com/cb#x", "https://u@app.example.com/cb", "https://app.example.com/cb?state=x"],
    ...[
      'https://app.example.com/"',
      "https://app.example.com/ cb",
      "https:app.example.com/cb",
      "https://a\\b/cb",
    ],
    ...["https://bücher.example.com/cb", "https://app.example.com/\u0000", "https:///app.example.com/cb"],
  ])("sends no code to %j", (uri) => {
    expect(wrong(redirectingTo(uri))).toEqual(["APPLICATIONS.mobile.redirectUri"]);
  });

  it.each([
    ...[
      "https://localhost./env",
      "https://sim.test./env",
      "https://auth.pingone.eu./env",
      'https://a"b.example.com',
    ],
    "https://auth.pingone.eu/env/v1",
    "https://auth.pingone.eu/env/",
    "https://user:pass@auth.pingone.eu/env",
    "https://auth.pingone.eu/env?x=1",
    "http://login.example.com",
    "not a url",
  ])("refuses the base URL %s", (url) => {
    expect(messageFor({ ...complete, PINGONE_BASE_URL: url })).toMatch(/wrong: PINGONE_BASE_URL\.$/);
  });

  it("takes http for the one host that is named for it", () => {
    const plain = { ...complete, PINGONE_BASE_URL: "http://simulator.internal:9031/env" };
    const named = { ...plain, PINGONE_PLAIN_HTTP_HOST: "simulator.internal" };
    expect(loadConfig(named).pingOne.baseUrl).toBe("http://simulator.internal:9031/env");
    expect(messageFor({ ...named, PINGONE_PLAIN_HTTP_HOST: "other.internal" })).toMatch(
      /wrong: PINGONE_BASE_URL\.$/,
    );
  });
});
