import fc from "fast-check";
import { type JsonObject, objectAt, textsIn } from "../json.ts";

/** A body that a schema doesn't allow, and what the refusal has to name. */
export interface WrongBody {
  readonly body: unknown;
  readonly named: string;
}

/** Any body that a schema of an object allows. */
export function rightBodies(schema: JsonObject): fc.Arbitrary<JsonObject> {
  const members = membersIn(schema).map(([name, member]) => [name, allowedBy(member)] as const);
  return fc.record(Object.fromEntries(members), {
    requiredKeys: textsIn(schema["required"]).filter((name) => members.some(([known]) => known === name)),
  });
}

/** Bodies that are wrong in one thing: each way there is, as often as the others. */
export function wrongBodies(schema: JsonObject): fc.Arbitrary<WrongBody> {
  return fc.oneof(
    noObjects.map((body) => ({ body, named: "body" })),
    strangers(
      membersIn(schema).map(([name]) => name),
      rightBodies(schema),
    ),
    ...wrongInside(schema, ""),
  );
}

/** An object with one wrong member, named by its way from the body. */
function wrongInside(schema: JsonObject, way: string): readonly fc.Arbitrary<WrongBody>[] {
  const right = rightBodies(schema);
  const missing = textsIn(schema["required"]).map((name) =>
    right.map((body) => ({ body: without(name, body), named: `${way}${name}` })),
  );
  const wrong = membersIn(schema).flatMap(([name, member]) =>
    wrongValues(member, `${way}${name}`).map((values) =>
      fc
        .tuple(right, values)
        .map(([body, { body: value, named }]) => ({ body: { ...body, [name]: value }, named })),
    ),
  );
  return [...missing, ...wrong];
}

/** What a schema doesn't allow in its place. */
function wrongValues(schema: JsonObject, named: string): readonly fc.Arbitrary<WrongBody>[] {
  const asNamed = (values: fc.Arbitrary<unknown>) => values.map((body) => ({ body, named }));
  // What may be of several types is wrong by one that none of them has.
  if (Array.isArray(schema["anyOf"])) return [asNamed(fc.boolean())];
  if (schema["type"] === "object") return [asNamed(noObjects), ...wrongInside(schema, `${named}.`)];
  return schema["type"] === "string"
    ? [asNamed(otherTypes), asNamed(wrongTexts(schema))]
    : [asNamed(otherTypes.filter((value) => typeof value !== schema["type"]))];
}

function membersIn(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(objectAt(schema, "properties")).map(([name, member]) => [name, objectAt(member)]);
}

/** Whatever a schema allows. */
function allowedBy(schema: JsonObject): fc.Arbitrary<unknown> {
  const several: unknown = schema["anyOf"];
  if (Array.isArray(several)) return fc.oneof(...several.map((one) => allowedBy(objectAt(one))));
  switch (schema["type"]) {
    case "object":
      return rightBodies(schema);
    case "string":
      return textOf(schema);
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: Number(schema["minimum"] ?? 0), max: Number(schema["maximum"] ?? 2 ** 31) });
    default:
      throw new Error(`Nobody draws what ${JSON.stringify(schema)} allows.`);
  }
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
  const words = wordsIn(schema);
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
  const words = wordsIn(schema);
  const isAllowed = (text: string) => {
    const { length } = [...text];
    const fits = length >= minLength && length <= maxLength && pattern.test(text);
    return fits && (words.length === 0 || words.includes(text));
  };
  const long = fc.string({ unit: "grapheme-ascii", minLength: maxLength + 1, maxLength: maxLength + 3 });
  return fc.oneof(fc.constant(""), fc.string({ maxLength: 80 }), long).filter((text) => !isAllowed(text));
}

function wordsIn(schema: JsonObject): readonly string[] {
  return "const" in schema ? [String(schema["const"])] : textsIn(schema["enum"]);
}

/** What has no bound of its own is kept short. */
function lengthsIn(schema: JsonObject): { readonly minLength: number; readonly maxLength: number } {
  return { minLength: Number(schema["minLength"] ?? 0), maxLength: Number(schema["maxLength"] ?? 80) };
}
