import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { dev } from "../../infra/environments/dev.ts";
import { staging } from "../../infra/environments/staging.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { refusal } from "./refusal.ts";

const run = promisify(execFile);

describe("the environments", () => {
  it.each(["dev", "staging", "prod", "emulator"])("take %s", (name) => {
    expect(environmentNamed(name).name).toBe(name);
  });

  it("list the known ones when asked for another, without a stack trace", async () => {
    const failed = await run(process.execPath, ["infra/app.ts"], {
      env: { CDK_CONTEXT_JSON: JSON.stringify({ env: "production" }), TMPDIR: tmpdir() },
    }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: "Name an environment with -c env=…: dev, staging, prod, emulator.\n",
    });
  });

  it("tell names apart in production as little as PingOne allows, and give hints elsewhere", () => {
    const told = ["dev", "staging", "prod"].map((name) => environmentNamed(name).disclosure);
    expect(told).toEqual(["hints", "hints", "minimal"]);
  });

  it("hold no secret: every member is known, and none takes one", () => {
    for (const member of ["clientSecret", "apiKey"]) {
      const told = refusal({ ...dev, [member]: "s3cret" });
      expect([told.includes(member), told.includes("s3cret")]).toEqual([true, false]);
    }
  });
});

describe("an environment", () => {
  const { mobile } = dev.applications;
  it.each<[string, unknown, string]>([
    [
      "a wildcard for an origin",
      { ...dev, allowedOrigins: ["*"] },
      "allowedOrigins.0: An allowed origin is exactly scheme, host and port.",
    ],
    [
      "a wildcard within an origin",
      { ...dev, allowedOrigins: ["https://*.example.com"] },
      "allowedOrigins.0: A host is an address, or a name of letters, digits, hyphens and dots.",
    ],
    [
      "two origins in one",
      { ...dev, allowedOrigins: ["https://a.example.com,https://b.example.com"] },
      "allowedOrigins.0: Each origin stands by itself.",
    ],
    ["no application", { ...dev, applications: {} }, "applications: At least one application is needed."],
    [
      "a member that is missing",
      { ...dev, applications: { mobile: { ...mobile, scopes: undefined } } },
      "applications.mobile.scopes: Invalid input: expected array, received undefined",
    ],
    ["a member too many", { ...dev, clientSecret: true }, 'settings: Unrecognized key: "clientSecret"'],
    [
      "gradual deployment without alarms",
      { ...dev, gradualDeployment: true },
      "Gradual deployment needs alarms: they are what takes bad code back.",
    ],
    [
      "http to PingOne",
      { ...dev, pingOne: { ...dev.pingOne, baseUrl: "http://login.example.com" } },
      "pingOne.baseUrl: The PingOne base URL must use https; http is for loopback addresses only.",
    ],
    [
      "something else than an environment's id at PingOne",
      { ...dev, pingOne: { ...dev.pingOne, baseUrl: "https://auth.pingone.eu/my-environment" } },
      "pingOne.baseUrl: The PingOne base URL must end in the environment id, a UUID, and nothing else, on PingOne's own host.",
    ],
    [
      "scopes by which nobody is signed on",
      { ...dev, applications: { mobile: { ...mobile, scopes: ["profile"] } } },
      "applications.mobile.scopes: The scopes must have openid among them.",
    ],
    [
      "PingOne by http from an account that somebody has",
      { ...dev, pingOne: { ...dev.pingOne, baseUrl: "http://auth.test", plainHttpHost: "auth.test" } },
      "pingOne.plainHttpHost: Only an emulator has one. Its account is 000000000000.",
    ],
    [
      "an emulator in an account that somebody has",
      { ...dev, endpoint: "http://127.0.0.1:4566" },
      "endpoint: Only an emulator has one. Its account is 000000000000.",
    ],
    [
      "an emulator on another machine",
      { ...dev, account: "000000000000", endpoint: "http://192.168.0.2:4566" },
      "endpoint: An emulator listens on loopback.",
    ],
    [
      "more time for PingOne than the budgets can hold",
      { ...dev, pingOne: { ...dev.pingOne, timeoutMs: 8_501 } },
      "pingOne.timeoutMs: A whole number from 100 to 8500 is needed.",
    ],
    [
      "a name that no function takes",
      { ...dev, applications: { "1web": mobile } },
      "applications: A name is a letter, then at most 63 letters, digits, dots, hyphens and underscores.",
    ],
    [
      "a code sent without TLS",
      { ...dev, applications: { mobile: { ...mobile, redirectUri: "http://app.example.com/cb" } } },
      "applications.mobile.redirectUri: A redirect URI is https; http is for loopback addresses only.",
    ],
    [
      "a scope with a blank",
      { ...dev, applications: { mobile: { ...mobile, scopes: ["openid", "openid profile"] } } },
      "applications.mobile.scopes.1: A scope is printable ASCII without blanks, quotes and backslashes.",
    ],
  ])("is refused for %s", (_what, settings, sentence) => {
    expect(refusal(settings)).toBe(sentence);
  });

  const { limits, pingOne } = dev;
  const { messages, names } = limits;
  it.each<[setting: string, least: number, most: number, withValue: (value: number) => object]>([
    ["pingOne.timeoutMs", 100, 8_500, (timeoutMs) => ({ ...dev, pingOne: { ...pingOne, timeoutMs } })],
    ["limits.attempts", 1, 100, (attempts) => ({ ...dev, limits: { ...limits, attempts } })],
    ["limits.credentials", 1, 100, (credentials) => ({ ...dev, limits: { ...limits, credentials } })],
    ...(
      [
        ["perName", 1_000_000],
        ["perNetwork", 1_000_000],
        ["windowSeconds", 86_400],
      ] as const
    ).map(([name, most]): [string, number, number, (value: number) => object] => [
      ...([`limits.names.${name}`, 1, most] as const),
      (value) => ({ ...dev, limits: { ...limits, names: { ...names, [name]: value } } }),
    ]),
    [
      ...(["limits.messages.perPerson", 1, 1_000_000] as const),
      (perPerson) => ({ ...dev, limits: { ...limits, messages: { ...messages, perPerson } } }),
    ],
    [
      ...(["limits.messages.windowSeconds", 1, 86_400] as const),
      (windowSeconds) => ({ ...dev, limits: { ...limits, messages: { ...messages, windowSeconds } } }),
    ],
  ])("has the functions' own bounds for %s: from %s to %s", (setting, least, most, withValue) => {
    const outside = `${setting}: A whole number from ${least} to ${most} is needed.`;
    const told = (value: number) => refusal(withValue(value));
    expect([least, most].map(told)).toEqual(["taken", "taken"]);
    expect([least - 1, most + 1].map(told)).toEqual([outside, outside]);
  });

  it.each(["prod", "production", "prd", "live", "prod2", "eu-prod", "prod-eu"])(
    "that is called %s is production",
    (name) => {
      const sentence = `name: An environment that is called ${name} is production. Set production, or call it otherwise.`;
      expect(refusal({ ...dev, name })).toBe(sentence);
    },
  );

  it.each(["pre-prod", "preprod", "non-prod", "nonprod", "product", "delivery", "staging"])(
    "that is called %s need not be",
    (name) => {
      expect(refusal({ ...dev, name })).toBe("taken");
    },
  );

  it("is refused for more variables than a function can have", () => {
    const applications = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [`mobile${index}`, mobile]),
    );
    expect(refusal({ ...dev, applications })).toMatch(
      /^The functions' variables take \d+ bytes of 4000: shorten the applications or the origins\.$/,
    );
  });
});

describe("workflows", () => {
  const { workflows } = staging;
  const withWorkflows = (changed: object, settings: object = staging) => ({
    ...settings,
    workflows: { ...workflows, ...changed },
  });
  const withMonitor = (changed: object) => withWorkflows({ monitor: { ...workflows.monitor, ...changed } });
  const outside = (secret: string) =>
    `The secret ${secret} is outside sign-on/staging/credentials/, where no function may read.`;
  const noArn =
    "A function of the customer's is named by its ARN: arn:aws:lambda:{region}:{account}:function:{name}.";
  it.each<[string, unknown, string]>([
    ["a name for an ARN", withWorkflows({ handOver: "hand-over" }), `workflows.handOver: ${noArn}`],
    [
      "another service's ARN",
      withWorkflows({ afterSignOn: "arn:aws:states:eu-west-1:123456789012:stateMachine:x" }),
      `workflows.afterSignOn: ${noArn}`,
    ],
    [
      "a function of another region",
      withWorkflows({ handOver: "arn:aws:lambda:us-east-1:123456789012:function:x" }),
      "Step Functions calls no function of another region: arn:aws:lambda:us-east-1:123456789012:function:x.",
    ],
    [
      "an application without a policy",
      withWorkflows(
        { monitor: undefined },
        { ...staging, applications: { mobile: { ...staging.applications.mobile, policies: [] } } },
      ),
      "Workflows need a policy to start mobile by: a state's input can't leave one out.",
    ],
    [
      "a secret outside the prefix",
      withMonitor({ credentialSecret: "sign-on/prod/credentials/monitor" }),
      outside("sign-on/prod/credentials/monitor"),
    ],
    [
      "the prefix for a secret",
      withMonitor({ credentialSecret: "sign-on/staging/credentials/" }),
      outside("sign-on/staging/credentials/"),
    ],
    [
      "a further secret outside the prefix",
      withWorkflows({ credentialSecrets: ["elsewhere/robot"] }),
      outside("elsewhere/robot"),
    ],
    [
      "a secret that ends as Secrets Manager's own endings do",
      withMonitor({ credentialSecret: "sign-on/staging/credentials/the-person" }),
      "The secret sign-on/staging/credentials/the-person ends in a hyphen and six characters, as what Secrets Manager appends to a name does.",
    ],
    [
      "a monitor more often than a run takes",
      withMonitor({ everyMinutes: 2 }),
      "A monitor every 2 minutes would overtake itself: a run may take 172 seconds, so every 3 at the least.",
    ],
    [
      "a monitor of no application",
      withMonitor({ application: "robots" }),
      "The monitor's application is none of this environment's: robots.",
    ],
    [
      "a monitor of another policy",
      withMonitor({ policy: "Monitored" }),
      "The monitor's policy is none of monitor's: Monitored.",
    ],
  ])("are refused for %s", (_what, settings, sentence) => {
    expect(refusal(settings)).toBe(sentence);
  });

  it("need no monitor", () => {
    expect(refusal(withWorkflows({ monitor: undefined }))).toBe("taken");
  });
});
