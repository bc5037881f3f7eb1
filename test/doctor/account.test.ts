import { describe, expect, it } from "vitest";
import { doctor } from "../../infra/doctor/doctor.ts";
import type { Environment } from "../../infra/environment.ts";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { nobodysAccount } from "../../infra/placeholders.ts";
import { type AwsAccount, openAccount } from "./aws-account.ts";
import { expectFinding } from "./kind.ts";
import { domain, mail, own, rows, topic, wanted } from "./kinds-of-account.ts";
import { nobody } from "./nobody.ts";

async function visit(account: AwsAccount, environment: Environment) {
  const lines: string[] = [];
  const code = await doctor(["-c", "env=staging", "--account"], {
    environmentNamed: () => environment,
    fetch: () => Promise.reject(new Error("PingOne isn't asked.")),
    now: () => 0,
    print: (line) => lines.push(...line.split("\n")),
    aws: { endpoint: account.endpoint, credentials: { accessKeyId: "key", secretAccessKey: "secret" } },
    terminal: nobody,
  });
  return { code, lines, findings: lines.filter((line) => line.startsWith("✗")) };
}

describe("npm run doctor -- --account, on an account that has one thing wrong", () => {
  it.each(rows)("finds $kind $because", async ({ kind, account: changes = {}, settings = {}, ...told }) => {
    expect(await visit(await openAccount(), own)).toMatchObject({ code: 0, findings: [] });
    expectFinding(await visit(await openAccount(changes), { ...own, ...settings }), kind, told);
  });
});

describe("npm run doctor -- --account", () => {
  it("finds nothing on an account that holds this environment already", async () => {
    const account = await openAccount({
      unreserved: 100,
      functions: { "sign-on-staging-Functionstart1": wanted, "sign-on-staging-eu-Functionstart2": 500 },
      domains: { [domain.name]: ["sign-on-staging"] },
      logRole: "arn:aws:iam::111122223333:role/sign-on-staging-ApiRestCloudWatchRole-1",
      topics: { [topic]: { [mail]: `arn:aws:sns:eu-west-1:111122223333:${topic}:1` } },
      certificate: { Status: "ISSUED", DomainName: "shop.test", SubjectAlternativeNames: ["*.shop.test"] },
    });
    expect(await visit(account, own)).toMatchObject({ code: 0, findings: [] });
  });

  it("takes the log role of another environment: it has the same rights", async () => {
    const logRole = "arn:aws:iam::111122223333:role/sign-on-dev-ApiRestCloudWatchRole1A2B3C4D-1";
    expect(await visit(await openAccount({ logRole }), own)).toMatchObject({ code: 0, findings: [] });
  });

  it("takes what just fits", async () => {
    const account = await openAccount({ unreserved: wanted + 100, bootstrap: "6", defaultKeyQuota: 6 });
    expect(await visit(account, own)).toMatchObject({ code: 0, findings: [] });
  });

  it("only reads", async () => {
    const account = await openAccount({ unreserved: 100, topics: { [topic]: {} } });
    await visit(account, own);
    expect(account.calls.filter((call) => !/^[a-z]+:(Get|List|Describe)/.test(call))).toEqual([]);
    expect(account.calls.length).toBeGreaterThan(8);
  });

  it("asks an emulator where the environment is one's", async () => {
    const account = await openAccount({ account: nobodysAccount, bootstrap: undefined });
    const { endpoint } = account;
    const emulated = checkEnvironment({ ...environmentNamed("emulator"), endpoint });
    const { findings, lines } = await visit(await openAccount(), emulated);
    expect(findings).toEqual([
      expect.stringMatching(/^✗ bootstrap: /),
      expect.stringMatching(/^✗ log-role-missing: /),
    ]);
    expect(lines[0]).toBe(`Account ${nobodysAccount} in us-east-1.`);
  });

  it("lists what its calls can't see", async () => {
    const { lines } = await visit(await openAccount(), { ...own, egress: "static" });
    expect(lines.filter((line) => line.startsWith("- ")).map((line) => line.split(/[: ]/)[1])).toEqual([
      ...["Addresses", "DNS", "Mail", "Service"],
    ]);
  });
});
