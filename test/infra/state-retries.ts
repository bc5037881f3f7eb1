import * as z from "zod";
import { idsIn, invokedBy, isOnceOnly, type Properties, type Resources } from "./references.ts";

/** Errors after which a once-only step may be taken again: nothing was spent. */
const harmless: readonly string[] = ["RateLimited", "UpstreamUnavailable"];

const Join = z.strictObject({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) });
const Definition = z.looseObject({ States: z.record(z.string(), z.unknown()) });
const Retrying = z.looseObject({
  Type: z.string(),
  Retry: z
    .array(z.looseObject({ ErrorEquals: z.array(z.string()), MaxAttempts: z.number().optional() }))
    .default([]),
});

/**
 * The states of a state machine that would take a once-only step again, in words. A state that retries has to
 * be seen to call nothing but what may be called again; what can't be read is a finding as well.
 */
export function stateRetries(resources: Resources, id: string, properties: Properties): string[] {
  const definition = Definition.safeParse(definitionOf(properties));
  if (!definition.success) return [`${id}: its definition can't be read`];
  return statesIn(definition.data).flatMap(([name, state]) => {
    const errors = harmful(state);
    const functions = idsWithin(state).flatMap((one) => invokedBy(resources, one));
    const isFree = functions.length > 0 && !functions.some((one) => isOnceOnly(resources, one));
    return errors.length === 0 || isFree ? [] : [`${id}: ${name} is taken again after ${errors.join(", ")}`];
  });
}

/** The errors after which a state is taken again though something may have been spent. */
function harmful(state: unknown): string[] {
  const read = Retrying.safeParse(state);
  if (!read.success) return ["what can't be read"];
  const { Type, Retry } = read.data;
  const errors = Retry.filter(({ MaxAttempts }) => MaxAttempts !== 0).flatMap(
    ({ ErrorEquals }) => ErrorEquals,
  );
  // A group of states is taken again as a whole, those that came through with it.
  return Type === "Task" ? errors.filter((error) => !harmless.includes(error)) : errors;
}

/** A state machine's definition, what it refers to as `<id>`; nothing where it can't be read. */
export function definitionOf({ Definition: whole, DefinitionString: written }: Properties): unknown {
  const text = textOf(written);
  if (text === undefined) return whole;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text, what it refers to as `<id>`: a definition that the CDK makes is joined from such parts. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const join = Join.safeParse(value).data;
  if (join === undefined) return undefined;
  const [separator, parts] = join["Fn::Join"];
  const refer = (part: unknown) => idsIn(part).map((id) => `<${id}>`);
  return parts.map((part) => textOf(part) ?? refer(part).join("")).join(separator);
}

function idsWithin(state: unknown): string[] {
  const written = [...JSON.stringify(state).matchAll(/<(\w+)>/g)].map(([, id = ""]) => id);
  return [...idsIn(state), ...written];
}

/** Every state, those inside others as well. */
function statesIn(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [];
  const own = Object.entries(Definition.safeParse(value).data?.States ?? {});
  return [...own, ...Object.values(value).flatMap(statesIn)];
}
