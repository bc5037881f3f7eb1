import { describe, expect, it } from "vitest";
import { routes } from "../../infra/api/routes.ts";
import { problems } from "../../lib/flow/problems.ts";
import { releaseFaults } from "./check/check.ts";
import { lintFaults } from "./check/lint.ts";
import { openApiDocument, openApiText } from "./document/document.ts";
import { documentPath, readDocument, releasedPath } from "./document/file.ts";
import { pascal } from "./document/schemas.ts";
import { objectAt } from "./json.ts";

const document = openApiDocument();

describe("the document of the API", () => {
  it("is committed as the code would have it", () => {
    expect(readDocument(documentPath)).toEqual(document);
  });

  it("has every route", () => {
    for (const { method, path, function: name } of routes) {
      const operation = objectAt(document, "paths", path, method.toLowerCase());
      expect(operation["operationId"]).toBe(name);
    }
  });

  it("has every problem, and tells each somewhere", () => {
    const schemas = objectAt(document, "components", "schemas");
    const told = JSON.stringify(objectAt(document, "components", "responses"));
    for (const error of [...Object.keys(problems), "internal", "no-such-route", "forbidden"]) {
      expect(objectAt(schemas, pascal(error))["description"]).toEqual(expect.any(String));
      expect(told).toContain(`"#/components/schemas/${pascal(error)}"`);
    }
  });

  it("breaks no client of the last release, unless its version says so", () => {
    expect(releaseFaults(document, readDocument(releasedPath))).toEqual([]);
  });
});

describe("the linter", () => {
  it("has nothing against it", async () => {
    expect(await lintFaults(openApiText())).toEqual([]);
  });

  it.each([
    ["a summary", '"summary": "Forgets a flow"', '"x-summary": "Forgets a flow"', /^operation-summary: /],
    [
      "a reference",
      '"#/components/schemas/OtpRequest"',
      '"#/components/schemas/PinRequest"',
      /no-unresolved-refs/,
    ],
    ["a schema", '"type": "integer"', '"type": "number of them"', /^struct: /],
  ])("notices %s that is wrong", async (_, was, is, fault) => {
    const text = openApiText();
    expect(text).toContain(was);
    expect((await lintFaults(text.replace(was, is))).join("\n")).toMatch(fault);
  });
});
