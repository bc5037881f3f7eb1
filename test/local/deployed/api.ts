import * as z from "zod";
import type { Assembly } from "./assembly.ts";
import { functionNameIn } from "./functions.ts";

const MethodProperties = z.looseObject({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  RequestValidatorId: z.unknown().optional(),
  Integration: z.looseObject({
    Type: z.string(),
    Uri: z.string().optional(),
    TimeoutInMillis: z.number().default(29_000),
    RequestTemplates: z.record(z.string(), z.string()).default({}),
    IntegrationResponses: z
      .array(
        z.looseObject({
          StatusCode: z.string(),
          ResponseParameters: z.record(z.string(), z.string()).default({}),
          ResponseTemplates: z.record(z.string(), z.string()).default({}),
        }),
      )
      .default([]),
  }),
});

const ResourceProperties = z.looseObject({ ParentId: z.string(), PathPart: z.string() });

const GatewayResponseProperties = z.looseObject({
  ResponseType: z.string(),
  StatusCode: z.string().optional(),
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
});

/** A method of the API. */
export interface ApiMethod {
  readonly method: string;
  readonly path: string;
  readonly integration: Integration;
}

/** What stands behind a method. */
type Integration =
  | { readonly kind: "function"; readonly name: string; readonly timeoutMs: number }
  | { readonly kind: "mock"; readonly response: MockResponse };

/** The one answer of a mock integration. */
export interface MockResponse {
  readonly status: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly template: string;
}

/** How the API words an answer of its own. */
export type GatewayResponse = z.output<typeof GatewayResponseProperties>;

/**
 * The methods of an assembly's one API.
 *
 * @throws an error when one of them says what can't be run here
 */
export function methodsOf(assembly: Assembly): readonly ApiMethod[] {
  const pathOf = paths(assembly);
  const methods = assembly.resources("AWS::ApiGateway::Method", MethodProperties);
  return [...methods.values()].map(({ HttpMethod, ResourceId, RequestValidatorId, Integration }) => {
    const path = pathOf(ResourceId);
    if (RequestValidatorId !== undefined) {
      throw new Error(`The template has ${HttpMethod} ${path} validated, which can't be run here.`);
    }
    return { method: HttpMethod, path, integration: integrationOf(Integration) };
  });
}

/** The answers of its own that the API words, by type. */
export function gatewayResponsesOf(assembly: Assembly): ReadonlyMap<string, GatewayResponse> {
  const responses = assembly.resources("AWS::ApiGateway::GatewayResponse", GatewayResponseProperties);
  return new Map([...responses.values()].map((response) => [response.ResponseType, response]));
}

function paths(assembly: Assembly): (id: string) => string {
  const resources = assembly.resources("AWS::ApiGateway::Resource", ResourceProperties);
  const pathOf = (id: string): string => {
    const resource = resources.get(id);
    return resource === undefined ? "" : `${pathOf(resource.ParentId)}/${resource.PathPart}`;
  };
  return (id) => pathOf(id) || "/";
}

function integrationOf(integration: z.output<typeof MethodProperties>["Integration"]): Integration {
  const { Type, Uri = "", TimeoutInMillis, IntegrationResponses } = integration;
  if (Type === "AWS_PROXY") {
    return { kind: "function", name: functionNameIn(Uri), timeoutMs: TimeoutInMillis };
  }
  const [response] = IntegrationResponses;
  if (Type !== "MOCK" || response === undefined || IntegrationResponses.length > 1) {
    throw new Error(`The template has an integration of type ${Type} that can't be run here.`);
  }
  const template = response.ResponseTemplates["application/json"] ?? "";
  const { StatusCode, ResponseParameters } = response;
  return {
    kind: "mock",
    response: { status: Number(StatusCode), parameters: ResponseParameters, template },
  };
}
