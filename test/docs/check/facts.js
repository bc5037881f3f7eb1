import * as z from "zod";
import * as sources from "./sources.js";
import { lastTextOfCalls, listIn } from "./syntax.js";

/** @import { Facts, ObjectSchema, Tree, VariableFact } from "./types.ts" */

/** What a JSON schema may tell of a text, or of the number in it. */
const Told = z.object({
  enum: z.array(z.string()).optional(),
  default: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const Named = z.object({ error: z.string() });

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

const Formatting = z.object({ formatter: z.object({ lineWidth: z.number() }) });

/**
 * What the documents of this repository repeat of its sources.
 *
 * @param {Tree} tree
 * @returns {Facts}
 */
export function factsOf(tree) {
  return {
    problems: sources.problems,
    catalogue: catalogue(),
    routes: sources.routes,
    bodies: sources.bodies,
    variables: variablesOf(sources.Variables),
    simulatorActions: sources.simulatorActions,
    alarms: lastTextOfCalls(tree, sources.read.alarms, "add"),
    workflowCalls: workflowCalls(),
    workflowErrors: workflowErrors(),
    executionInput: executionInput(tree),
    scripts: new Set(Object.keys(Package.parse(JSON.parse(tree.read("package.json"))).scripts)),
    lineWidth: Formatting.parse(JSON.parse(tree.read(".biome.json"))).formatter.lineWidth,
  };
}

/**
 * The HTTP status of each problem. What the gateway says in our words has the status of ours there.
 *
 * @returns {Readonly<Record<string, number>>}
 */
function catalogue() {
  const { problems, internalProblem, gatewayAnswers } = sources;
  const ofGateway = gatewayAnswers({ allowedOrigins: [], cookieDelivery: false }).map(
    ({ status, template }) => [Named.parse(JSON.parse(template)).error, status],
  );
  const ours = Object.entries(problems).map(([name, { status }]) => [name, status]);
  return Object.fromEntries([...ofGateway, ...ours, ["internal", internalProblem.status]]);
}

/**
 * What can be told of environment variables by their schemas.
 *
 * @param {ObjectSchema} schema
 * @returns {Record<string, VariableFact>}
 */
export function variablesOf(schema) {
  const taken = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const given = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return Object.fromEntries(
    Object.entries(taken.properties ?? {}).map(([name, input]) => {
      const { enum: words, default: fallback } = Told.parse(input);
      const range = rangeOf(Told.parse(given.properties?.[name]));
      const required = taken.required?.includes(name) ?? false;
      return [name, { required, fallback, values: words?.join(", ") ?? range }];
    }),
  );
}

/** @param {z.infer<typeof Told>} told */
function rangeOf({ minimum, maximum }) {
  return minimum === undefined || maximum === undefined ? undefined : `${minimum}–${maximum}`;
}

/** @returns {Record<string, string[]>} */
function workflowCalls() {
  const { HeldFlow, HolderMembers, SecretName, StartBody, WatchedFlow } = sources.workflowParts;
  const open = Object.entries(sources.bodies).filter(([name]) => sources.mayBeCalled(name));
  const isPlain = (/** @type {string} */ member) => sources.secretNameOf(member) === undefined;
  const calls = open.map(([name, body]) => {
    const plain = Object.keys(body.shape).filter(isPlain);
    const secret = sources.takesCredentials(name) ? Object.keys(SecretName.shape) : [];
    return [name, [...Object.keys(HeldFlow.shape), ...plain, ...secret]];
  });
  return {
    ...Object.fromEntries(calls),
    start: [StartBody, HolderMembers].flatMap(({ shape }) => Object.keys(shape)).filter(isPlain),
    status: [...new Set([HeldFlow, WatchedFlow].flatMap(({ shape }) => Object.keys(shape)))],
  };
}

function workflowErrors() {
  const retryable = [...sources.retryableErrors];
  return {
    retryable,
    settled: sources.settledErrors.filter((name) => !retryable.some((other) => other === name)),
    open: sources.errorNames.filter((name) => !sources.settledErrors.includes(name)),
  };
}

/** @param {Tree} tree */
function executionInput(tree) {
  const { StartBody, HolderMembers } = sources.workflowParts;
  const known = new Map(Object.entries({ ...StartBody.shape, ...HolderMembers.shape }));
  const required = listIn(tree, sources.read.requiredInput, "required");
  const members = listIn(tree, sources.read.input, "members").map((name) => {
    const schema = known.get(name) ?? z.string();
    return [name, required.includes(name) ? schema : z.optional(schema)];
  });
  return z.strictObject(Object.fromEntries(members));
}
