import { isDeepStrictEqual } from "node:util";
import type { APIGatewayProxyResult } from "aws-lambda";
import fc from "fast-check";
import * as z from "zod";
import { problems } from "../../lib/flow/problems.ts";
import { isGatewayEvent } from "../../lib/http/endpoint.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { lambdaContext } from "../local/lambda-context.ts";
import { judgeResult } from "./kit/api.ts";
import { fuzzedEvents, type Known, marker } from "./kit/fuzzed-events.ts";
import { Person } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/**
 * Whatever a request says, in its body, headers and path, each function answers it by name: nothing is
 * thrown, no status is 500 or above (nothing is out of order, and no request has a token that would lead to
 * more than a start), no reply repeats the request, and none of the language's own objects is changed.
 */
export const fuzz: Proof = {
  name: "fuzz",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(100_000);
    const before = intrinsics();
    const own = ownKeys();
    const statuses = new Map<number, number>();
    await onStage({ defect }, async (stage) => {
      const known = { flowIds: [await begun(stage), await begun(stage)] };
      for (const name of operationNames) {
        const seed = random.below(2 ** 31);
        const fault = await check(stage, name, { known, seed, wanted, statuses, own });
        misses.unless(fault === undefined, () => `fuzz, ${name}: ${fault}`);
      }
    });
    misses.unless(
      isDeepStrictEqual(intrinsics(), before),
      () => "fuzz: an object of the language's was changed",
    );
    for (const status of [201, 400, 404]) {
      misses.unless((statuses.get(status) ?? 0) > 0, () => `fuzz: nothing was answered ${status}`);
    }
    const counted = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
    const figure = `${operationNames.length} functions, so many requests each: ${counted.join(", ")}`;
    return { rounds: wanted, figure, misses: misses.all };
  },
};

async function begun(stage: Stage): Promise<string> {
  const person = new Person(stage);
  await person.start("Single_Factor");
  return person.flowId;
}

interface Check {
  readonly known: Known;
  readonly seed: number;
  readonly wanted: number;
  readonly statuses: Map<number, number>;
  /** How many members the language's objects had at the beginning. */
  readonly own: number;
}

/** Gives what was wrong, with the smallest event that shows it. */
async function check(
  { handlers }: Stage,
  name: OperationName,
  { known, seed, wanted, statuses, own }: Check,
): Promise<string | undefined> {
  const call = lambdaContext(name);
  const property = fc.asyncProperty(fuzzedEvents(name, known), async (event) => {
    if (!isGatewayEvent(event)) throw new Error("The event is none of the gateway's.");
    const reply = await handlers[name](event, { ...call });
    judgeResult(name, reply);
    statuses.set(reply.statusCode, (statuses.get(reply.statusCode) ?? 0) + 1);
    const fault =
      faultIn(reply) ?? (ownKeys() === own ? undefined : "it changed an object of the language's");
    if (fault !== undefined) throw new Error(fault);
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, { seed, numRuns: wanted });
  return failed
    ? `${String(errorInstance)} at ${JSON.stringify(counterexample)?.slice(0, 1_000)}`
    : undefined;
}

const problemSchema = z.looseObject({
  error: z.enum(Object.keys(problems)),
  requestId: z.string(),
  fields: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z.-]{1,40}$/),
        reason: z.enum(["malformed", "missing", "not-json", "too-long", "unknown"]),
        didYouMean: z
          .string()
          .regex(/^[A-Za-z]{1,40}$/)
          .optional(),
      }),
    )
    .optional(),
});

function faultIn({ statusCode, headers = {}, body, multiValueHeaders = {} }: APIGatewayProxyResult) {
  const lines = [...Object.entries(headers), ...Object.entries(multiValueHeaders).flatMap(single)];
  const broken = lines.find(([name, value]) => !/^[A-Za-z-]+$/.test(name) || !/^[ -~]*$/.test(String(value)));
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode >= 500) {
    return `it was answered ${statusCode}`;
  }
  if (broken !== undefined) return `the header ${broken[0]} can't be sent`;
  if (JSON.stringify([lines, body]).includes(marker)) return "it repeats what was sent";
  return statusCode >= 400 ? faultInProblem(statusCode, headers, body) : undefined;
}

function single([name, values = []]: [string, (readonly unknown[])?]) {
  return values.map((value) => [name, value] as const);
}

function faultInProblem(
  statusCode: number,
  headers: NonNullable<APIGatewayProxyResult["headers"]>,
  body: string,
): string | undefined {
  const told = problemSchema.safeParse(JSON.parse(body));
  if (!told.success) return `the problem is not one: ${told.error.message}`;
  const { error, requestId } = told.data;
  const isWhole =
    headers["Content-Type"] === "application/problem+json" &&
    headers["X-Request-Id"] === requestId &&
    Object.entries(problems).some(([name, definition]) => name === error && definition.status === statusCode);
  return isWhole ? undefined : `the problem ${error} is not whole`;
}

const guarded = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Symbol,
  Promise,
  Map,
  Set,
  RegExp,
  Error,
  Date,
];

/** Cheap enough to be counted after every request. */
function ownKeys(): number {
  return guarded.reduce(
    (count, one) => count + Reflect.ownKeys(one).length + Reflect.ownKeys(one.prototype).length,
    0,
  );
}

/** Every member of the language's own objects, with what it is. */
function intrinsics(): readonly unknown[] {
  return guarded
    .flatMap((one) => [one, one.prototype])
    .flatMap((of) => Reflect.ownKeys(of).map((key) => [key, Reflect.getOwnPropertyDescriptor(of, key)]));
}
