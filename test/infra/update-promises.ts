import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../../infra/environment.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { propertiesOf, type Synthesis, synthesize, synthesizeAnew } from "./synthesis.ts";

const staging = environmentNamed("staging");
const { limits, applications, allowedOrigins } = staging;
const { mobile } = applications;

/** Settings that a release may change, by the words of the table in docs/operations.md. */
const changes: ReadonlyMap<string, Environment> = new Map([
  ["a bound of flows", { ...staging, limits: { ...limits, attempts: limits.attempts - 1 } }],
  [
    "the gateway's throttling",
    {
      ...staging,
      limits: {
        ...limits,
        throttling: { ...limits.throttling, default: { perSecond: 51, burst: 102 } },
      },
    },
  ],
  ["an origin", { ...staging, allowedOrigins: [...allowedOrigins, "https://another.staging.example.com"] }],
  [
    "a policy",
    {
      ...staging,
      applications: { ...applications, ...(mobile && { mobile: { ...mobile, policies: ["Multi_Factor"] } }) },
    },
  ],
]);

/** Which resources differ, by type and how: what an update makes, changes in place and takes away. */
function updates(from: Synthesis, to: Synthesis) {
  const changed = [...from.resources].flatMap(([id, { Type, Properties }]) => {
    const other = to.resources.get(id);
    if (other === undefined) return [`removed ${Type}`];
    const names = Object.keys({ ...Properties, ...other.Properties });
    return names
      .filter((name) => JSON.stringify(Properties[name]) !== JSON.stringify(other.Properties[name]))
      .map((name) => `changed ${Type} ${name}`);
  });
  const added = [...to.resources].filter(([id]) => !from.resources.has(id));
  return new Set([...changed, ...added.map(([, { Type }]) => `added ${Type}`)]);
}

const newCode = [
  "changed AWS::Lambda::Function Environment",
  "removed AWS::Lambda::Version",
  "added AWS::Lambda::Version",
  "changed AWS::Lambda::Alias FunctionVersion",
];

const newStage = [
  "removed AWS::ApiGateway::Deployment",
  "added AWS::ApiGateway::Deployment",
  "changed AWS::ApiGateway::Stage DeploymentId",
  "changed AWS::ApiGateway::Method Integration",
];

const expected: Readonly<Record<string, readonly string[]>> = {
  "a bound of flows": newCode,
  "the gateway's throttling": ["changed AWS::ApiGateway::Stage MethodSettings"],
  "an origin": [...newCode, ...newStage],
  "a policy": newCode,
};

/** What an update replaces, renames and leaves alone. */
export function updatePromises(): void {
  describe("an update", () => {
    let before: Synthesis;
    beforeAll(() => {
      before = synthesize("staging");
    });

    it.each([...changes])(
      "of %s touches what docs/operations.md says, and neither table nor key",
      (name, to) => {
        expect(updates(before, synthesizeAnew(to))).toEqual(new Set(expected[name]));
        expect(readFileSync("docs/operations.md", "utf8")).toContain(`| ${name} |`);
      },
    );

    it("that gives an application a secret makes an empty one, whose name keeps its end", () => {
      const { web } = applications;
      const proving = web && { web: { ...web, clientAuthentication: "basic" as const } };
      const to = synthesizeAnew({ ...staging, applications: { ...applications, ...proving } });
      expect(propertiesOf(to, "AWS::SecretsManager::Secret")).toMatchObject([
        { Name: "sign-on/staging/applications/web/client-secret-of-pingone" },
      ]);
      // What Secrets Manager appends to a name is a hyphen and six characters.
      expect(JSON.stringify(propertiesOf(to, "AWS::SecretsManager::Secret"))).not.toMatch(/-[A-Za-z0-9]{6}"/);
      expect(updates(before, to)).toEqual(
        new Set([...newCode, "added AWS::SecretsManager::Secret", "changed AWS::IAM::Policy PolicyDocument"]),
      );
    });
  });
}
