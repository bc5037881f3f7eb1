import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigurationError, type FunctionEnvironment, loadConfig } from "../lib/config.ts";
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
  ])("finds %s in APPLICATIONS", (_, value, path) => {
    const message = messageFor({ ...complete, APPLICATIONS: String(value) });
    expect(message).toBe(`The function can't start. Environment variables wrong: ${path}.`);
  });

  it.each([
    "https://auth.pingone.eu/env/v1",
    "https://auth.pingone.eu/env/",
    "https://user:pass@auth.pingone.eu/env",
    "https://auth.pingone.eu/env?x=1",
    "http://login.example.com",
    "not a url",
  ])("refuses the base URL %s", (url) => {
    expect(messageFor({ ...complete, PINGONE_BASE_URL: url })).toMatch(/wrong: PINGONE_BASE_URL\.$/);
  });
});

describe("a function without its configuration", () => {
  it("imports without reading it, and refuses to serve with that one message", async () => {
    const script = `
      const { handler } = await import("./functions/otp.ts");
      console.log("imported");
      await handler({}, {}).catch((error) => console.log(error.name + ": " + error.message));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      env: { TABLE_NAME: "flows", PINGONE_BASE_URL: "ftp://secret" },
    });
    expect(stdout).toBe(
      "imported\nConfigurationError: The function can't start. Environment variables missing: ENVIRONMENT, APPLICATIONS, HASH_KEY_ARN; " +
        "wrong: PINGONE_BASE_URL.\n",
    );
  });
});
