import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Environment } from "../../infra/environment.ts";
import { dev } from "../../infra/environments/dev.ts";
import { prod } from "../../infra/environments/prod.ts";
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
  const wrong = (variable: string) =>
    `With these settings: The function can't start. Environment variables wrong: ${variable}.`;
  it.each<[string, unknown, string]>([
    [
      "a wildcard for an origin",
      { ...dev, allowedOrigins: ["*"] },
      "allowedOrigins.0: An allowed origin is exactly scheme, host and port.",
    ],
    [
      "a wildcard within an origin",
      { ...dev, allowedOrigins: ["https://*.example.com"] },
      "allowedOrigins.0: An allowed origin is exactly scheme, host and port.",
    ],
    [
      "gradual deployment without alarms",
      { ...dev, gradualDeployment: true },
      "Gradual deployment needs alarms: they are what takes bad code back.",
    ],
    [
      "http to PingOne",
      { ...dev, pingOne: { ...dev.pingOne, baseUrl: "http://auth.pingone.eu/x" } },
      "pingOne.baseUrl: The PingOne base URL must use https; http is for loopback addresses only.",
    ],
    [
      "more time for PingOne than the budgets can hold",
      { ...dev, pingOne: { ...dev.pingOne, timeoutMs: 8_501 } },
      "pingOne.timeoutMs: Too big: expected number to be <=8500",
    ],
    ["a name that no function takes", { ...dev, applications: { "1web": mobile } }, wrong("APPLICATIONS")],
    [
      "a code sent without TLS",
      { ...dev, applications: { mobile: { ...mobile, redirectUri: "http://app.example.com/cb" } } },
      wrong("APPLICATIONS.mobile.redirectUri"),
    ],
    [
      "a scope with a blank",
      { ...dev, applications: { mobile: { ...mobile, scopes: ["openid profile"] } } },
      wrong("APPLICATIONS.mobile.scopes.0"),
    ],
  ])("is refused for %s", (_what, settings, sentence) => {
    expect(refusal(settings)).toBe(sentence);
  });

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
  const { workflows } = dev;
  const withWorkflows = (changed: object, settings: object = dev) => ({
    ...settings,
    workflows: { ...workflows, ...changed },
  });
  const withMonitor = (changed: object) => withWorkflows({ monitor: { ...workflows.monitor, ...changed } });
  const outside = (secret: string) =>
    `The secret ${secret} is outside sign-on/dev/credentials/, where no function may read.`;
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
        { ...dev, applications: { mobile: { ...dev.applications.mobile, policies: [] } } },
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
      withMonitor({ credentialSecret: "sign-on/dev/credentials/" }),
      outside("sign-on/dev/credentials/"),
    ],
    [
      "a further secret outside the prefix",
      withWorkflows({ credentialSecrets: ["elsewhere/robot"] }),
      outside("elsewhere/robot"),
    ],
    [
      "a secret that ends as Secrets Manager's own endings do",
      withMonitor({ credentialSecret: "sign-on/dev/credentials/the-person" }),
      "The secret sign-on/dev/credentials/the-person ends in a hyphen and six characters, as what Secrets Manager appends to a name does.",
    ],
    [
      "a monitor more often than a run takes",
      withMonitor({ everyMinutes: 2 }),
      "A monitor every 2 minutes would overtake itself: a run may take 172 seconds, so every 3 at the least.",
    ],
    [
      "a monitor of no application",
      withMonitor({ application: "web" }),
      "The monitor's application is none of this environment's: web.",
    ],
    [
      "a monitor of another policy",
      withMonitor({ policy: "Monitored" }),
      "The monitor's policy is none of mobile's: Monitored.",
    ],
  ])("are refused for %s", (_what, settings, sentence) => {
    expect(refusal(settings)).toBe(sentence);
  });

  it("need no monitor", () => {
    expect(refusal(withWorkflows({ monitor: undefined }))).toBe("taken");
  });
});

describe("production", () => {
  const { domain: _domain, alarms: _alarms, ...bare } = prod;
  const { firewall: _firewall, ...open } = prod;
  const standIn =
    "Production's PingOne is a public host: no address, loopback or reserved name, so no simulator.";
  const withBaseUrl = (baseUrl: string): Environment => ({ ...prod, pingOne: { ...prod.pingOne, baseUrl } });
  it.each<[string, Environment, string]>([
    [
      "an origin without TLS",
      { ...prod, allowedOrigins: ["http://localhost:3000"], cookieDelivery: false },
      "Production allows https origins only.",
    ],
    [
      "http to a simulator",
      withBaseUrl("http://127.0.0.1:9031/x"),
      `Production reaches PingOne by https.\n${standIn}`,
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
