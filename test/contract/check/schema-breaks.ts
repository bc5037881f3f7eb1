import { isDeepStrictEqual } from "node:util";
import { type JsonObject, objectAt, textsIn } from "../json.ts";

/** Two documents, and where in them we are. */
export interface Place {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly at: string;
}

/** Whether clients send what a schema is about, or are told it. */
type Direction = "request" | "response";

/** What breaks a client between two schemas: one sentence each. */
export function schemaBreaks(
  before: unknown,
  after: unknown,
  direction: Direction,
  place: Place,
): readonly string[] {
  const now = branchesOf(after, place.after);
  return [...branchesOf(before, place.before)].flatMap(([name, one]) => {
    const other = now.get(name);
    const at = name === "" ? place.at : `${place.at} ${name}`;
    return other === undefined ? [`${at} is gone`] : objectBreaks(one, other, direction, { ...place, at });
  });
}

/** The alternatives of a schema, by the names of their components; the empty name where it has none. */
function branchesOf(schema: unknown, document: JsonObject): ReadonlyMap<string, JsonObject> {
  const several = objectAt(schema)["oneOf"];
  const all: readonly unknown[] = Array.isArray(several) ? several : [schema];
  return new Map(
    all.map((one) => {
      const reference = objectAt(one)["$ref"];
      if (typeof reference !== "string") return ["", objectAt(one)];
      const path = reference.replace("#/", "").split("/");
      return [path.at(-1) ?? "", objectAt(document, ...path)];
    }),
  );
}

function objectBreaks(
  before: JsonObject,
  after: JsonObject,
  direction: Direction,
  place: Place,
): readonly string[] {
  return [
    ...wordBreaks(before, after).map((what) => `${place.at} ${what}`),
    ...(direction === "request" ? narrowed(before, after).map((what) => `${place.at} ${what}`) : []),
    ...requiredBreaks(before, after, direction).map((what) => `${place.at}.${what}`),
    ...memberBreaks(before, after, direction, place),
    ...("items" in before
      ? schemaBreaks(before["items"], after["items"], direction, { ...place, at: `${place.at}[]` })
      : []),
  ];
}

function wordBreaks(before: JsonObject, after: JsonObject): readonly string[] {
  const changed = ["type", "const"].filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const kept = textsIn(after["enum"]);
  const gone = "enum" in after ? textsIn(before["enum"]).filter((word) => !kept.includes(word)) : [];
  return [
    ...changed.map((name) => `has another ${name}`),
    ...gone.map((word) => `can't be "${word}" any more`),
    ...(!("enum" in before) && "enum" in after ? ["can't be any word any more"] : []),
  ];
}

/** What was taken, and is refused now. */
function narrowed(before: JsonObject, after: JsonObject): readonly string[] {
  const grammars = ["pattern", "format"].filter(
    (name) => name in after && !isDeepStrictEqual(before[name], after[name]),
  );
  const most = ["maxLength", "maximum", "maxItems"].filter(
    (name) => Number(after[name] ?? Infinity) < Number(before[name] ?? Infinity),
  );
  const least = ["minLength", "minimum", "minItems"].filter(
    (name) => Number(after[name] ?? -Infinity) > Number(before[name] ?? -Infinity),
  );
  return [...grammars, ...most, ...least].map((name) => `has a narrower ${name}`);
}

function requiredBreaks(before: JsonObject, after: JsonObject, direction: Direction): readonly string[] {
  const [was, is] = [textsIn(before["required"]), textsIn(after["required"])];
  return direction === "request"
    ? is.filter((name) => !was.includes(name)).map((name) => `${name} has to be sent`)
    : was.filter((name) => !is.includes(name)).map((name) => `${name} may be missing`);
}

function memberBreaks(
  before: JsonObject,
  after: JsonObject,
  direction: Direction,
  place: Place,
): readonly string[] {
  const now = objectAt(after, "properties");
  return Object.entries(objectAt(before, "properties")).flatMap(([name, schema]) => {
    const at = `${place.at}.${name}`;
    return name in now ? schemaBreaks(schema, now[name], direction, { ...place, at }) : [`${at} is gone`];
  });
}
