import { isObject, type JsonObject, objectAt } from "../json.ts";
import { type Place, schemaBreaks } from "./schema-breaks.ts";

/**
 * What a client of the one document would trip over in the other: one sentence each. What is added is left
 * unread by whoever doesn't know it; what is taken away, asked for or made narrower breaks somebody.
 */
export function breaksBetween(before: JsonObject, after: JsonObject): readonly string[] {
  const [one, other] = [operationsOf(before), operationsOf(after)];
  return [...one].flatMap(([name, operation]) => {
    const now = other.get(name);
    if (now === undefined) return [`${name} is gone`];
    const place = { before, after, at: name };
    return [
      ...requestBreaks(operation, now, place),
      ...responseBreaks(objectAt(operation, "responses"), objectAt(now, "responses"), place),
    ];
  });
}

/** Whether a version may break the clients of another: before 1.0.0 a minor one may, later a major one. */
export function mayBreak(before: string, after: string): boolean {
  const [[major = 0, minor = 0], [nextMajor = 0, nextMinor = 0]] = [numbersOf(before), numbersOf(after)];
  return nextMajor > major || (major === 0 && nextMajor === 0 && nextMinor > minor);
}

function numbersOf(version: string): readonly number[] {
  return version.split(".").map(Number);
}

function operationsOf(document: JsonObject): ReadonlyMap<string, JsonObject> {
  const paths = Object.entries(objectAt(document, "paths"));
  return new Map(
    paths.flatMap(([path, item]) =>
      Object.entries(objectAt(item)).map(([method, one]) => [
        `${method.toUpperCase()} ${path}`,
        objectAt(one),
      ]),
    ),
  );
}

function requestBreaks(before: JsonObject, after: JsonObject, place: Place): readonly string[] {
  const wantsBody = !isBodyRequired(before) && isBodyRequired(after);
  const [known, now] = [parametersOf(before, place.before), parametersOf(after, place.after)];
  const asked = [...now].filter(
    ([name, one]) => one["required"] === true && known.get(name)?.["required"] !== true,
  );
  return [
    ...(wantsBody ? [`${place.at}: a body has to be sent`] : []),
    ...asked.map(([name]) => `${place.at}: ${name} has to be sent`),
    ...[...known].flatMap(([name, { schema }]) => {
      const parameter = now.get(name);
      if (parameter === undefined) return [`${place.at}: ${name} is gone`];
      return schemaBreaks(schema, parameter["schema"], "request", { ...place, at: `${place.at}: ${name}` });
    }),
    ...contentBreaks(objectAt(before, "requestBody"), objectAt(after, "requestBody"), "request", place),
  ];
}

function isBodyRequired(operation: JsonObject): boolean {
  return objectAt(operation, "requestBody")["required"] === true;
}

function parametersOf(operation: JsonObject, document: JsonObject): ReadonlyMap<string, JsonObject> {
  const listed = operation["parameters"];
  const all = Array.isArray(listed) ? listed.map((one) => resolved(one, document)) : [];
  return new Map(all.map((one) => [`${one["name"]} in ${one["in"]}`, one]));
}

function responseBreaks(before: JsonObject, after: JsonObject, place: Place): readonly string[] {
  return Object.entries(before).flatMap(([status, told]) => {
    const at = `${place.at} ${status}`;
    if (after[status] === undefined) return [`${at} is gone`];
    const [one, other] = [resolved(told, place.before), resolved(after[status], place.after)];
    const headers = Object.entries(objectAt(one, "headers")).filter(
      ([name, header]) =>
        resolved(header, place.before)["required"] === true &&
        resolved(objectAt(other, "headers")[name], place.after)["required"] !== true,
    );
    return [
      ...headers.map(([name]) => `${at}: ${name} may be missing`),
      ...contentBreaks(one, other, "response", { ...place, at }),
    ];
  });
}

function contentBreaks(
  before: JsonObject,
  after: JsonObject,
  direction: "request" | "response",
  place: Place,
): readonly string[] {
  return Object.entries(objectAt(before, "content")).flatMap(([type, media]) => {
    const now = objectAt(after, "content")[type];
    if (!isObject(now)) return [`${place.at}: ${type} is gone`];
    return schemaBreaks(objectAt(media)["schema"], now["schema"], direction, place);
  });
}

function resolved(value: unknown, document: JsonObject): JsonObject {
  const found = objectAt(value);
  const reference = found["$ref"];
  if (typeof reference !== "string") return found;
  return objectAt(document, ...reference.replace("#/", "").split("/"));
}
