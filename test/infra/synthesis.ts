import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect } from "vitest";
import * as z from "zod";
import type { Environment } from "../../infra/environment.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { addEnvironment } from "../../infra/sign-on-app.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

const ValidationReport = z.object({
  pluginReports: z.array(z.object({ violations: z.array(z.object({ ruleName: z.string() })) })),
});

/** A resource of a template. */
const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

/** CDK's assertions on a template, counted as assertions of the test. */
interface Assertions {
  hasResource(type: string, resource: unknown): void;
  hasResourceProperties(type: string, properties: unknown): void;
  resourceCountIs(type: string, count: number): void;
  resourcePropertiesCountIs(type: string, properties: unknown, count: number): void;
  hasOutput(id: string, output: unknown): void;
}

/** What was synthesized of an environment. */
export interface Synthesis {
  readonly app: App;
  readonly template: Assertions;
  /**
   * The rules of cdk-nag that nobody answers for. Its errors stop a synthesis; its warnings are only here.
   */
  readonly findings: readonly string[];
  /** What the CDK's command would have to look up before the template is right. */
  readonly missing: readonly unknown[];
  /** Where the template was written. */
  readonly templateFile: string;
  /** By logical id. */
  readonly resources: ReadonlyMap<string, z.output<typeof Resource>>;
}

const done = new Map<string, Synthesis>();

/** Every environment that is deployed to AWS. */
export const deployed = ["dev", "staging", "prod"] as const;

/** Those of them that have state machines. */
export const withWorkflows = ["staging", "prod"] as const;

/**
 * Synthesizes an environment as the CDK's command does, once a test file. Errors of cdk-nag make it throw.
 */
export function synthesize(name: (typeof deployed)[number] | "emulator"): Synthesis {
  const found = done.get(name) ?? synthesizeAnew(environmentNamed(name));
  done.set(name, found);
  return found;
}

/** Synthesizes settings that may be no environment's, without a lookup. */
export function synthesizeAnew(environment: Environment): Synthesis {
  const { context } = CdkJson.parse(JSON.parse(readFileSync("cdk.json", "utf8")));
  const app = new App({ context });
  const stack = addEnvironment(app, environment);
  const assembly = app.synth();
  const { templateFullPath } = assembly.getStackByName(stack.stackName);
  const template = Template.fromStack(stack);
  const resources = z.record(z.string(), Resource).parse(template.toJSON()["Resources"]);
  return {
    app,
    template: assertionsOf(template),
    findings: findingsIn(assembly.directory),
    missing: assembly.manifest.missing ?? [],
    templateFile: templateFullPath,
    resources: new Map(Object.entries(resources)),
  };
}

function findingsIn(directory: string): string[] {
  const report: unknown = JSON.parse(readFileSync(join(directory, "validation-report.json"), "utf8"));
  const { pluginReports } = ValidationReport.parse(report);
  return pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}

function assertionsOf(template: Template): Assertions {
  const holds = (assertion: () => void) => expect(assertion).not.toThrow();
  return {
    hasResource: (...wanted) => holds(() => template.hasResource(...wanted)),
    hasResourceProperties: (...wanted) => holds(() => template.hasResourceProperties(...wanted)),
    resourceCountIs: (...wanted) => holds(() => template.resourceCountIs(...wanted)),
    resourcePropertiesCountIs: (...wanted) => holds(() => template.resourcePropertiesCountIs(...wanted)),
    hasOutput: (...wanted) => holds(() => template.hasOutput(...wanted)),
  };
}

/** The properties of every resource of a type. */
export function propertiesOf({ resources }: Synthesis, type: string): Readonly<Record<string, unknown>>[] {
  return [...resources.values()].filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
}

const Statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Resource: z.unknown().optional(),
  Condition: z.unknown().optional(),
});

/** A statement of a policy, whatever kind of policy it is. */
export interface PolicyStatement extends z.output<typeof Statement> {
  /** The logical id of the resource that it stands in. */
  readonly owner: string;
  readonly ownerType: string;
}

/**
 * What is a policy, be it one that these tests can read or not; a firewall's rule has a `Statement` as well.
 */
const PolicyLike = z.looseObject({
  Statement: z.union([z.array(z.unknown()), z.looseObject({ Effect: z.string() })]),
});

const Policy = z.looseObject({ Statement: z.array(Statement) });

/**
 * Every statement of every policy in the template, wherever in a resource it stands.
 *
 * @throws ZodError for a statement that names no actions: what it allows can't be told by a list of them
 */
export function statementsOf({ resources }: Pick<Synthesis, "resources">): PolicyStatement[] {
  return [...resources].flatMap(([owner, { Type, Properties }]) =>
    policiesIn(Properties).flatMap((policy) =>
      policy.Statement.map((statement) => ({ ...statement, owner, ownerType: Type })),
    ),
  );
}

function policiesIn(value: unknown): z.output<typeof Policy>[] {
  if (typeof value !== "object" || value === null) return [];
  return PolicyLike.safeParse(value).success
    ? [Policy.parse(value)]
    : Object.values(value).flatMap(policiesIn);
}

/** What the logical ids of a function's own resources begin with. */
export function logicalId(name: OperationName): string {
  return `Function${name.replaceAll("-", "")}`;
}

/** The function whose role has that logical id. */
export function functionOfRole(id: string): OperationName | undefined {
  return operationNames.find((name) => id.startsWith(`${logicalId(name)}Role`));
}
