import { describe, expect, it } from "vitest";
import { breaksBetween, mayBreak } from "./check/breaking.ts";
import { releaseFaults } from "./check/check.ts";
import { isObject, type JsonObject, objectAt } from "./json.ts";

const text = JSON.stringify({
  info: { version: "0.1.0" },
  paths: {
    "/flows": {
      post: {
        parameters: [{ $ref: "#/components/parameters/Id" }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Start" } } } },
        responses: {
          "200": {
            headers: { "X-Id": { required: true, schema: { type: "string" } } },
            content: { "application/json": { schema: { $ref: "#/components/schemas/View" } } },
          },
          "409": { $ref: "#/components/responses/Conflict" },
        },
      },
      get: { responses: { "200": {} } },
    },
  },
  components: {
    parameters: { Id: { name: "id", in: "query", schema: { type: "string", maxLength: 8 } } },
    responses: {
      Conflict: {
        content: {
          "application/json": {
            schema: { oneOf: [{ $ref: "#/components/schemas/One" }, { $ref: "#/components/schemas/Two" }] },
          },
        },
      },
    },
    schemas: {
      Start: {
        type: "object",
        properties: { how: { enum: ["a", "b"] }, who: { type: "string", maxLength: 9 } },
        required: ["how"],
      },
      View: {
        type: "object",
        properties: { status: { type: "string" }, steps: { type: "array", items: { enum: ["x", "y"] } } },
        required: ["status"],
      },
      One: { type: "object", properties: { error: { const: "one" } } },
      Two: { type: "object", properties: { error: { const: "two" } } },
    },
  },
});

function documentWith(was = "", is = ""): JsonObject {
  expect(text).toContain(was);
  const document: unknown = JSON.parse(text.replace(was, is));
  if (!isObject(document)) throw new Error("It is no document any more.");
  return document;
}

function without(...path: readonly string[]): JsonObject {
  const document = structuredClone(documentWith());
  Reflect.deleteProperty(objectAt(document, ...path.slice(0, -1)), path.at(-1) ?? "");
  return document;
}

describe("a change that breaks a client", () => {
  it.each<[string, JsonObject, string]>([
    ["a path that is gone", without("paths", "/flows"), "POST /flows is gone"],
    ["a method that is gone", without("paths", "/flows", "get"), "GET /flows is gone"],
    [
      "a status that is gone",
      without("paths", "/flows", "post", "responses", "409"),
      "POST /flows 409 is gone",
    ],
    [
      "a problem that is gone",
      documentWith(',{"$ref":"#/components/schemas/Two"}'),
      "POST /flows 409 Two is gone",
    ],
    [
      "a member of a reply that is gone",
      without("components", "schemas", "View", "properties", "steps"),
      "POST /flows 200 View.steps is gone",
    ],
    [
      "a member of a reply that may be missing",
      documentWith(',"required":["status"]'),
      "POST /flows 200 View.status may be missing",
    ],
    [
      "a header that may be missing",
      documentWith('"required":true,"schema"', '"schema"'),
      "POST /flows 200: X-Id may be missing",
    ],
    [
      "a word of a reply",
      documentWith('["x","y"]', '["x"]'),
      'POST /flows 200 View.steps[] can\'t be "y" any more',
    ],
    [
      "another name",
      documentWith('"const":"one"', '"const":"uno"'),
      "POST /flows 409 One.error has another const",
    ],
    [
      "another type",
      documentWith('"status":{"type":"string"}', '"status":{"type":"integer"}'),
      "POST /flows 200 View.status has another type",
    ],
    [
      "a member that has to be sent",
      documentWith('"required":["how"]', '"required":["how","who"]'),
      "POST /flows Start.who has to be sent",
    ],
    [
      "a member that is refused",
      without("components", "schemas", "Start", "properties", "who"),
      "POST /flows Start.who is gone",
    ],
    [
      "a word that is refused",
      documentWith('["a","b"]', '["a"]'),
      'POST /flows Start.how can\'t be "b" any more',
    ],
    [
      "a length",
      documentWith('"maxLength":9', '"maxLength":7'),
      "POST /flows Start.who has a narrower maxLength",
    ],
    [
      "a grammar",
      documentWith('"maxLength":9', '"maxLength":9,"pattern":"^a"'),
      "POST /flows Start.who has a narrower pattern",
    ],
    [
      "a body that has to be sent",
      documentWith('"requestBody":{', '"requestBody":{"required":true,'),
      "POST /flows: a body has to be sent",
    ],
    [
      "a parameter that has to be sent",
      documentWith('"in":"query"', '"in":"query","required":true'),
      "POST /flows: id in query has to be sent",
    ],
    [
      "a parameter that is shorter",
      documentWith('"maxLength":8', '"maxLength":7'),
      "POST /flows: id in query has a narrower maxLength",
    ],
  ])("is noticed: %s", (_, after, what) => {
    expect(breaksBetween(documentWith(), after)).toContain(what);
  });

  it("passes with a version that may break", () => {
    const after = without("paths", "/flows", "get");
    expect(releaseFaults(after, documentWith())).toEqual(["breaks clients of 0.1.0: GET /flows is gone"]);
    expect(releaseFaults({ ...after, info: { version: "0.2.0" } }, documentWith())).toEqual([]);
  });
});

describe("a change that breaks nobody", () => {
  it.each<[string, JsonObject]>([
    ["none", documentWith()],
    ["a method more", documentWith('"get":{', '"put":{},"get":{')],
    ["a status more", documentWith('"409":', '"410":{},"409":')],
    ["a member of a reply more", documentWith('"steps":{', '"pending":{"type":"string"},"steps":{')],
    ["a word of a reply more", documentWith('["x","y"]', '["x","y","z"]')],
    ["a member that may be sent", documentWith('"who":{', '"why":{"type":"string"},"who":{')],
    ["more room", documentWith('"maxLength":9', '"maxLength":10')],
  ])("is let through: %s", (_, after) => {
    expect(breaksBetween(documentWith(), after)).toEqual([]);
  });
});

describe("a version", () => {
  it.each([
    ["0.1.0", "0.1.1", false],
    ["0.1.0", "0.2.0", true],
    ["0.9.0", "1.0.0", true],
    ["1.2.0", "1.3.0", false],
    ["1.2.0", "2.0.0", true],
    ["0.2.0", "0.1.9", false],
  ])("may break clients, from %s to %s: %s", (before, after, may) => {
    expect(mayBreak(before, after)).toBe(may);
  });
});
