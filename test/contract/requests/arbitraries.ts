import fc from "fast-check";
import { type JsonObject, objectAt, textsIn } from "../json.ts";

/** A body that a schema doesn't allow, and what the refusal has to name. */
export interface WrongBody {
  readonly body: unknown;
  readonly named: string;
}

/** Any body that a schema of an object allows. */
export function rightBodies(schema: JsonObject): fc.Arbitrary<JsonObject> {
  const members = Object.entries(objectAt(schema, "properties")).map(
    ([name, member]) => [name, textOf(objectAt(member))] as const,
  );
  return fc.record(Object.fromEntries(members), {
    requiredKeys: textsIn(schema["required"]).filter((name) => members.some(([known]) => known === name)),
  });
}

/** Bodies that are wrong in one thing: each way there is, as often as the others. */
export function wrongBodies(schema: JsonObject): fc.Arbitrary<WrongBody> {
  const members = Object.entries(objectAt(schema, "properties")).map(
    ([name, member]) => [name, objectAt(member)] as const,
  );
  const right = rightBodies(schema);
  return fc.oneof(
    noObjects.map((body) => ({ body, named: "body" })),
    strangers(
      members.map(([name]) => name),
      right,
    ),
    ...textsIn(schema["required"]).map((name) =>
      right.map((body) => ({ body: without(name, body), named: name })),
    ),
    ...members.flatMap(([name, member]) =>
      [otherTypes, wrongTexts(member)].map((values) =>
        fc.tuple(right, values).map(([body, value]) => ({ body: { ...body, [name]: value }, named: name })),
      ),
    ),
  );
}

const noObjects: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.array(fc.string(), { maxLength: 3 }),
);

const otherTypes: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
);

/** A member that nobody knows. As JSON, so that `__proto__` is one like any other. */
function strangers(known: readonly string[], right: fc.Arbitrary<JsonObject>): fc.Arbitrary<WrongBody> {
  const names = fc
    .oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", "password2"))
    .filter((name) => !known.includes(name));
  return fc.tuple(right, names).map(([body, name]) => {
    const beginning = JSON.stringify(body).slice(0, -1);
    const comma = Object.keys(body).length === 0 ? "" : ",";
    return { body: `${beginning}${comma}${JSON.stringify(name)}:"x"}`, named: "body" };
  });
}

function without(name: string, body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([member]) => member !== name));
}

/** Texts that a schema allows. Their length is in characters, as JSON Schema has it. */
function textOf(schema: JsonObject): fc.Arbitrary<string> {
  const words = textsIn(schema["enum"]);
  if (words.length > 0) return fc.constantFrom(...words);
  const { minLength, maxLength } = lengthsIn(schema);
  const pattern = schema["pattern"];
  if (typeof pattern !== "string") {
    const longest = fc.string({ unit: "binary", minLength: maxLength, maxLength, size: "max" });
    return fc.oneof(fc.string({ unit: "binary", minLength, maxLength }), longest);
  }
  return fc
    .stringMatching(new RegExp(pattern, "u"))
    .filter((text) => [...text].length >= minLength && [...text].length <= maxLength);
}

/** Texts that a schema doesn't allow. */
function wrongTexts(schema: JsonObject): fc.Arbitrary<string> {
  const { minLength, maxLength } = lengthsIn(schema);
  const pattern = new RegExp(typeof schema["pattern"] === "string" ? schema["pattern"] : "", "u");
  const words = textsIn(schema["enum"]);
  const isAllowed = (text: string) => {
    const { length } = [...text];
    const fits = length >= minLength && length <= maxLength && pattern.test(text);
    return fits && (words.length === 0 || words.includes(text));
  };
  const long = fc.string({ unit: "grapheme-ascii", minLength: maxLength + 1, maxLength: maxLength + 3 });
  return fc.oneof(fc.constant(""), fc.string({ maxLength: 80 }), long).filter((text) => !isAllowed(text));
}

/** What has no bound of its own is kept short. */
function lengthsIn(schema: JsonObject): { readonly minLength: number; readonly maxLength: number } {
  return { minLength: Number(schema["minLength"] ?? 0), maxLength: Number(schema["maxLength"] ?? 80) };
}
