import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect } from "vitest";
import * as z from "zod";
import { addEnvironment } from "../../infra/sign-on-app.ts";

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

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
  /** Where the template was written. */
  readonly templateFile: string;
  /** By logical id. */
  readonly resources: ReadonlyMap<string, z.output<typeof Resource>>;
}

const done = new Map<string, Synthesis>();

/** Every environment that is deployed to AWS. */
export const deployed = ["dev", "staging", "prod"] as const;

/** Synthesizes an environment as the CDK's command does, once a test file. Findings of cdk-nag make it throw. */
export function synthesize(name: (typeof deployed)[number] | "emulator"): Synthesis {
  const found = done.get(name) ?? fresh(name);
  done.set(name, found);
  return found;
}

function fresh(name: string): Synthesis {
  const { context } = CdkJson.parse(JSON.parse(readFileSync("cdk.json", "utf8")));
  const app = new App({ context });
  const stack = addEnvironment(app, name);
  const { templateFullPath } = app.synth().getStackByName(stack.stackName);
  const template = Template.fromStack(stack);
  const resources = z.record(z.string(), Resource).parse(template.toJSON()["Resources"]);
  return {
    app,
    template: assertionsOf(template),
    templateFile: templateFullPath,
    resources: new Map(Object.entries(resources)),
  };
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

const Policy = z.looseObject({ Statement: z.array(Statement) });

/** Every statement of every policy in the template, wherever in a resource it stands. */
export function statementsOf({ resources }: Synthesis): PolicyStatement[] {
  return [...resources].flatMap(([owner, { Type, Properties }]) =>
    policiesIn(Properties).flatMap((policy) =>
      policy.Statement.map((statement) => ({ ...statement, owner, ownerType: Type })),
    ),
  );
}

function policiesIn(value: unknown): z.output<typeof Policy>[] {
  if (typeof value !== "object" || value === null) return [];
  const policy = Policy.safeParse(value);
  return policy.success ? [policy.data] : Object.values(value).flatMap(policiesIn);
}
