import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type Route, routes } from "../../../infra/api/routes.ts";
import type { JsonObject } from "../json.ts";
import { problemSchemas } from "./problems.ts";
import { headers, preflightResponses, problemResponses, responsesOf } from "./replies.ts";
import { bodySchemas, parameters, parametersOf, requestBodyOf } from "./requests.ts";
import { summaryOf } from "./summaries.ts";
import { viewSchemas } from "./views.ts";

const Package = z.object({ version: z.string(), description: z.string(), license: z.string() });

const root = join(import.meta.dirname, "../../..");

/** The OpenAPI document of the public API, made of what the API itself is made of. */
export function openApiDocument(): JsonObject {
  const { version, description, license } = Package.parse(
    JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
  );
  return {
    openapi: "3.1.1",
    info: {
      title: "PingOne sign-on functions",
      version,
      summary: "Signs people on with PingOne, step by step.",
      description: `${description}\n\nWhat it all means stands in docs/api.md.`,
      license: { name: license, identifier: license },
    },
    servers: [
      {
        url: "{api}",
        description: "Where the API is deployed; by default the sandbox.",
        variables: { api: { default: "http://127.0.0.1:8080" } },
      },
    ],
    tags: Object.values(tags),
    paths: Object.fromEntries(
      [...Map.groupBy(routes, ({ path }) => path)].map(([path, ofPath]) => [path, pathItem(ofPath)]),
    ),
    components: {
      securitySchemes,
      parameters,
      headers,
      responses: problemResponses(),
      schemas: { ...bodySchemas(routes), ...viewSchemas(), ...problemSchemas() },
    },
  };
}

const tags = {
  flow: { name: "flow", description: "A sign-on: its begin, where it stands, its end." },
  step: { name: "step", description: "What moves a sign-on on." },
  preflight: { name: "preflight", description: "What browsers ask by themselves before a page's request." },
};

const securitySchemes = {
  flowToken: {
    type: "http",
    scheme: "bearer",
    description: "The newest flow token: 43 of A–Z a–z 0–9 _ -.",
  },
  flowCookie: {
    ...{ type: "apiKey", in: "cookie", name: "__Secure-flow-token" },
    description:
      "The same in a cookie, for pages of the allowed origins. It needs Origin and Sec-Fetch-Site beside it, which browsers send.",
  },
};

function pathItem(ofPath: readonly Route[]): JsonObject {
  const [first] = ofPath;
  const methods = ofPath.map(({ method }) => method);
  const name = first === undefined || ofPath.length > 1 ? "flow" : first.function;
  return {
    ...Object.fromEntries(ofPath.map((route) => [route.method.toLowerCase(), operationOf(route)])),
    options: {
      operationId: `preflight-${name}`,
      tags: [tags.preflight.name],
      summary: `Preflight of ${methods.join(", ")}`,
      security: [],
      ...(first?.path.includes("{flowId}") ? { parameters: parametersOf(first).slice(0, 1) } : {}),
      responses: preflightResponses(methods),
    },
  };
}

function operationOf(route: Route): JsonObject {
  const requestBody = requestBodyOf(route);
  const needsToken = route.path.includes("{flowId}");
  const isStep = /\{flowId\}\/./.test(route.path);
  return {
    operationId: route.function,
    tags: [isStep ? tags.step.name : tags.flow.name],
    summary: summaryOf(route),
    security: needsToken ? [{ flowToken: [] }, { flowCookie: [] }] : [],
    parameters: parametersOf(route),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responsesOf(route),
  };
}

/** The document as its file has it. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), undefined, 2)}\n`;
}
