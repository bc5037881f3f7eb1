import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import * as z from "zod";
import { functionFailed, functionThrottled, notWaitedFor, type Refusal } from "../refusals.ts";
import type { ApiRoute, RestApi } from "../rest-api.ts";
import { type ApiMethod, gatewayResponsesOf, methodsOf } from "./api.ts";
import type { Assembly } from "./assembly.ts";
import type { ExecutionOptions } from "./execution-environment.ts";
import { FunctionPool, type Invoked } from "./function-pool.ts";
import { type DeployedFunction, functionsOf, invokedByGateway } from "./functions.ts";
import { gatewayAnswers } from "./gateway-answers.ts";
import { mockAnswer } from "./mock-integration.ts";

/** What has to differ from the template: where the stand-ins are, and who we are to them. */
export interface Overrides {
  /** In the place of variables that the template sets; one that it doesn't set is refused. */
  readonly replaced: Readonly<Record<string, string>>;
  /** For the AWS SDK, beside the template's variables. */
  readonly added: Readonly<Record<`AWS_ENDPOINT_URL_${string}`, string>>;
}

/** An assembly's API and functions. */
export interface Deployed {
  readonly api: RestApi;
  /** Says where the functions run. Until then none can be invoked. */
  configure(overrides: Overrides): void;
  /** The function behind a route as it is run. */
  behind(method: string, path: string): FunctionPool;
  /** A function by its name in the template. */
  named(name: string): FunctionPool;
  /** Ends every process of every function. */
  close(): Promise<void>;
}

/**
 * Puts the API and the functions of an assembly together: the gateway's answers, and processes on the
 * Lambda Runtime API that start when they are first asked for.
 *
 * @throws an error when the template says something that can't be run here
 */
export function deploy(assembly: Assembly, options: ExecutionOptions): Deployed {
  const functions = functionsOf(assembly);
  const methods = methodsOf(assembly);
  const allowed = invokedByGateway(assembly);
  const pools = new Map<string, FunctionPool>();
  const poolNamed = (name: string): FunctionPool => {
    const pool = pools.get(name);
    if (pool === undefined) throw new Error(`The function ${name} doesn't know yet where it runs.`);
    return pool;
  };
  for (const { method, path, integration } of methods) {
    const isReached = ({ name }: { name: string }) => functions.has(name) && allowed.has(name);
    if (integration.kind === "function" && !isReached(integration)) {
      throw new Error(`API Gateway may invoke no function behind ${method} ${path}.`);
    }
  }
  return {
    api: {
      routes: methods.map((method) => routeOf(method, poolNamed)),
      refuse: gatewayAnswers(gatewayResponsesOf(assembly)),
    },
    configure: (overrides) => {
      for (const [name, definition] of functions) {
        pools.set(name, new FunctionPool(overridden(definition, overrides), options));
      }
    },
    behind: (method, path) => {
      const found = methods.find((one) => one.method === method && one.path === path)?.integration;
      if (found?.kind !== "function") throw new Error(`There is no function behind ${method} ${path}.`);
      return poolNamed(found.name);
    },
    named: poolNamed,
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function overridden(definition: DeployedFunction, { replaced, added }: Overrides): DeployedFunction {
  const { name, variables } = definition;
  const unset = Object.keys(replaced).filter((variable) => variables[variable] === undefined);
  if (unset.length > 0) throw new Error(`The template gives ${name} no ${unset.join(", ")}.`);
  return { ...definition, variables: { ...variables, ...replaced, ...added } };
}

function routeOf(
  { method, path, integration }: ApiMethod,
  poolNamed: (name: string) => FunctionPool,
): ApiRoute {
  if (integration.kind === "mock") {
    const mocked = mockAnswer(integration.response);
    return { method, path, answer: async (event) => mocked(event) };
  }
  const { name, timeoutMs } = integration;
  return { method, path, answer: (event) => within(timeoutMs, invoke(poolNamed(name), event)) };
}

async function within<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer | Refusal> {
  const late = Promise.withResolvers<Refusal>();
  const timer = setTimeout(() => late.resolve(notWaitedFor), timeoutMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function invoke(
  pool: FunctionPool,
  event: APIGatewayProxyEvent,
): Promise<APIGatewayProxyResult | Refusal> {
  return answerFor(await pool.invoke(JSON.stringify(event)));
}

function answerFor(outcome: Invoked): APIGatewayProxyResult | Refusal {
  switch (outcome.kind) {
    case "answered":
      return proxyResult(outcome.payload);
    case "throttled":
      return functionThrottled;
    case "failed":
      // Lambda writes it into the function's log; its client learns nothing of it.
      process.stderr.write(`${outcome.errorType}: ${outcome.message}\n`);
      return functionFailed;
    case "timed-out":
    case "crashed":
      return functionFailed;
  }
}

const scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What API Gateway takes from a function; with anything else in it, it is no answer. */
const ProxyResult = z.strictObject({
  statusCode: z.int().min(100).max(599),
  headers: scalars.optional(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())).optional(),
  body: z.string().nullish(),
  isBase64Encoded: z.literal(false).optional(),
});

function proxyResult(payload: string): APIGatewayProxyResult | Refusal {
  const parsed = ProxyResult.safeParse(parseJson(payload));
  if (!parsed.success) return functionFailed;
  const { statusCode, headers = {}, multiValueHeaders = {}, body } = parsed.data;
  return { statusCode, headers, multiValueHeaders, body: body ?? "" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
