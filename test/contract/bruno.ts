import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bruToEnvJsonV2, bruToJsonV2 } from "@usebruno/lang";
import * as z from "zod";

// What the collection uses of Bruno's language; anything else in a file is refused.
const Pair = z.strictObject({ name: z.string(), value: z.string(), enabled: z.literal(true) });
const Request = z.strictObject({
  meta: z.strictObject({ name: z.string(), type: z.literal("http"), seq: z.coerce.number() }),
  http: z.strictObject({ method: z.string(), url: z.string(), body: z.string(), auth: z.string() }),
  auth: z.strictObject({ bearer: z.strictObject({ token: z.string() }) }).optional(),
  body: z.strictObject({ json: z.string().optional(), formUrlEncoded: z.array(Pair).optional() }).default({}),
  params: z.array(z.looseObject({})).optional(),
  vars: z.strictObject({ res: z.array(Pair.extend({ local: z.literal(false) })) }).default({ res: [] }),
  assertions: z.array(Pair).default([]),
});

/** One request of a collection. */
type BrunoRequest = z.output<typeof Request>;

const Environment = z.strictObject({
  variables: z.array(Pair.extend({ secret: z.literal(false) })),
});

const Json = z.json();

const folder = join(import.meta.dirname, "../../docs/bruno");

/** The requests of the collection, in the order in which they are performed. */
export function collection(): readonly BrunoRequest[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".bru"));
  const requests = files.map((name) => Request.parse(bruToJsonV2(readFileSync(join(folder, name), "utf8"))));
  return requests.toSorted((one, other) => one.meta.seq - other.meta.seq);
}

/** The variables of its environment. */
export function environment(): Map<string, string> {
  const text = readFileSync(join(folder, "environments/sandbox.bru"), "utf8");
  const { variables } = Environment.parse(bruToEnvJsonV2(text));
  return new Map(variables.map(({ name, value }) => [name, value]));
}

/** Performs a request as Bruno does, and sets what it sets. @returns the assertions that don't hold */
export async function perform(
  request: BrunoRequest,
  variables: Map<string, string>,
): Promise<readonly string[]> {
  const { meta, http, auth, body, vars, assertions } = request;
  const filled = (text: string) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => variables.get(name) ?? "");
  const form = body.formUrlEncoded?.map(({ name, value }): [string, string] => [name, filled(value)]);
  const sent = form === undefined ? body.json && filled(body.json) : new URLSearchParams(form);
  const response = await fetch(filled(http.url), {
    method: http.method.toUpperCase(),
    headers: {
      ...(auth === undefined ? {} : { authorization: `Bearer ${filled(auth.bearer.token)}` }),
      ...(body.json === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const told = { status: response.status, body: text === "" ? null : Json.parse(JSON.parse(text)) };
  for (const { name, value } of vars.res) variables.set(name, valueAt(told, value));
  const failed = assertions.filter(({ name, value }) => `eq ${valueAt(told, name)}` !== filled(value));
  return failed.map(({ name, value }) => `${meta.name}: ${name} ${value}, and it is ${valueAt(told, name)}`);
}

/** What an expression such as `res.body.at(-1).code` leads to, as a text. */
function valueAt(told: unknown, expression: string): string {
  const parts = expression.replace(/^res\./, "").split(".");
  const found = parts.reduce<unknown>((at, part) => {
    const index = /^at\((-?\d+)\)$/.exec(part)?.[1];
    if (index !== undefined) return Array.isArray(at) ? at.at(Number(index)) : undefined;
    return typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined;
  }, told);
  return String(found);
}
