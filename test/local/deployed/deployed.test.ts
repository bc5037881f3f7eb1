import { afterEach, describe, expect, it } from "vitest";
import { patienceMs } from "../../support/patience.ts";
import { serveRestApi } from "../rest-api.ts";
import type { Assembly } from "./assembly.ts";
import { type Deployed, deploy } from "./deployed.ts";
import { Intrinsics } from "./intrinsics.ts";
import { ownRuntime } from "./runtimes.ts";
import { smallFunction } from "./small-function.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Resources = Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>>;

const toLambda = {
  "Fn::Join": [
    "",
    ["arn:aws:apigateway:", { Ref: "AWS::Region" }, ":lambda:path/", { Ref: "Alias" }, "/invocations"],
  ],
};

const small: Resources = {
  Items: {
    Type: "AWS::ApiGateway::Resource",
    Properties: { ParentId: { "Fn::GetAtt": ["Api", "Root"] }, PathPart: "items" },
  },
  Item: { Type: "AWS::ApiGateway::Resource", Properties: { ParentId: { Ref: "Items" }, PathPart: "{id}" } },
  Api: { Type: "AWS::ApiGateway::RestApi", Properties: {} },
  Get: {
    Type: "AWS::ApiGateway::Method",
    Properties: {
      HttpMethod: "GET",
      ResourceId: { Ref: "Item" },
      Integration: { Type: "AWS_PROXY", Uri: toLambda, TimeoutInMillis: patienceMs },
    },
  },
  Function: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Key: "small.zip" },
      Environment: {
        Variables: { WHERE: { "Fn::Join": ["/", [{ Ref: "AWS::Region" }, { Ref: "Items" }]] } },
      },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Timeout: patienceMs / 1_000,
    },
  },
  Alias: { Type: "AWS::Lambda::Alias", Properties: { FunctionName: { Ref: "Function" }, Name: "live" } },
  Permission: {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName: { Ref: "Alias" },
      Principal: "apigateway.amazonaws.com",
    },
  },
};

function deployedOf(resources: Resources, code = "export const handler = async () => null;"): Deployed {
  const { definition, remove } = smallFunction(code);
  const intrinsics = new Intrinsics(resources, "eu-west-1");
  const assembly: Assembly = {
    region: "eu-west-1",
    resources: (type, schema) => {
      const found = Object.entries(resources).filter(([, { Type }]) => Type === type);
      return new Map(found.map(([id, { Properties }]) => [id, schema.parse(intrinsics.resolve(Properties))]));
    },
    uploadedAs: () => definition.folder,
  };
  open.push(async () => remove());
  const deployed = deploy(assembly, { runtime: ownRuntime, log: false });
  open.push(() => deployed.close());
  return deployed;
}

async function served(resources: Resources, code?: string): Promise<string> {
  const deployed = deployedOf(resources, code);
  deployed.configure({ replaced: {}, added: {} });
  const gateway = await serveRestApi(deployed.api, 0, () => undefined);
  open.push(() => gateway.close());
  return gateway.url;
}

async function got(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The same with one resource's properties changed. */
function changed(id: string, properties: Record<string, unknown>): Resources {
  const resources = structuredClone(small);
  Object.assign(resources[id]?.Properties ?? {}, properties);
  return resources;
}

/** A function that takes as long as it is let. */
const neverAnswers = "await new Promise((resolve) => setTimeout(resolve, 600_000));";

describe("a route of the template", () => {
  it("reaches its function through an alias, with parameters and resolved variables", async () => {
    const url = await served(
      small,
      `export const handler = async ({ pathParameters, resource }) => ({
        statusCode: 201,
        headers: { "X-Where": process.env.WHERE },
        multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
        body: JSON.stringify({ pathParameters, resource }),
      });`,
    );
    const { status, headers, text } = await got(`${url}/items/a%20b`);
    expect([status, headers.get("x-where"), headers.getSetCookie()]).toEqual([
      201,
      "eu-west-1/Items",
      ["a=1", "b=2"],
    ]);
    expect(headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(text)).toEqual({ pathParameters: { id: "a b" }, resource: "/items/{id}" });
  });

  it.each<[string, string, number, string, Record<string, unknown>]>([
    ["answers with what is no answer", "return { status: 200 };", 502, "Internal server error", {}],
    [
      "answers with more than an answer",
      'return { statusCode: 200, cookies: ["a=1"] };',
      502,
      "Internal server error",
      {},
    ],
    ["ends its process", "process.exit(1);", 502, "Internal server error", {}],
    ["is killed at its own time limit", neverAnswers, 502, "Internal server error", { Timeout: 1 }],
  ])("whose function %s is a failure of the gateway", async (_, how, status, message, properties) => {
    const url = await served(
      changed("Function", properties),
      `export const handler = async () => { ${how} };`,
    );
    expect(await got(`${url}/items/1`)).toMatchObject({ status, text: JSON.stringify({ message }) });
  });

  it("gives up before its function does where the template says so", async () => {
    const impatient = changed("Get", {
      Integration: { Type: "AWS_PROXY", Uri: toLambda, TimeoutInMillis: 50 },
    });
    const url = await served(impatient, `export const handler = async () => { ${neverAnswers} };`);
    expect(await got(`${url}/items/1`)).toMatchObject({
      status: 504,
      text: '{"message":"Endpoint request timed out"}',
    });
  });
});

describe("an answer of the gateway's own", () => {
  const problem = (type: string, properties: Record<string, unknown>) => ({
    Type: "AWS::ApiGateway::GatewayResponse",
    Properties: { ResponseType: type, ...properties },
  });
  const worded: Resources = {
    ...small,
    Default4: problem("DEFAULT_4XX", {
      ResponseParameters: {
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.X-Request-Id": "context.requestId",
        "gatewayresponse.header.X-Asked": "method.request.header.X-Asking",
      },
      ResponseTemplates: {
        "application/json":
          '{"id":"$context.requestId","why":$context.error.messageString,"type":"$context.error.responseType"}',
      },
    }),
    Default5: problem("DEFAULT_5XX", { StatusCode: "503" }),
  };

  it("is worded by the default of its class, with the request's own values", async () => {
    const url = await served(worded);
    const { status, headers, text } = await got(`${url}/nowhere`, { headers: { "X-Asking": "me" } });
    expect([status, headers.get("content-type"), headers.get("x-asked")]).toEqual([
      403,
      "application/problem+json",
      "me",
    ]);
    expect(JSON.parse(text)).toEqual({
      id: headers.get("x-request-id"),
      why: "Missing Authentication Token",
      type: "MISSING_AUTHENTICATION_TOKEN",
    });
  });

  it("takes the status of the template, and API Gateway's words where that has none", async () => {
    const url = await served(worded, "export const handler = async () => 1;");
    expect(await got(`${url}/items/1`)).toMatchObject({
      status: 503,
      text: '{"message":"Internal server error"}',
    });
  });
});

describe("what can't be run here", () => {
  const without = (id: string) => Object.fromEntries(Object.entries(small).filter(([name]) => name !== id));

  it("is a function that API Gateway may not invoke", () => {
    expect(() => deployedOf(without("Permission"))).toThrow(
      "API Gateway may invoke no function behind GET /items/{id}.",
    );
  });

  it("is a template that says more than is known", () => {
    const mocked: Resources = {
      ...small,
      Mocked: {
        Type: "AWS::ApiGateway::Method",
        Properties: {
          HttpMethod: "OPTIONS",
          ResourceId: { Ref: "Items" },
          Integration: {
            Type: "MOCK",
            IntegrationResponses: [
              { StatusCode: "204", ResponseTemplates: { "application/json": "#foreach($x in $xs)$x#end" } },
            ],
          },
        },
      },
    };
    expect(() => deployedOf(mocked)).toThrow("says more than can be run here");
  });

  it("is a method that the gateway validates", () => {
    const validated = structuredClone(small);
    Object.assign(validated["Get"]?.Properties ?? {}, { RequestValidatorId: { Ref: "Items" } });
    expect(() => deployedOf(validated)).toThrow(
      "The template has GET /items/{id} validated, which can't be run here.",
    );
  });

  it("is a reference to nothing", () => {
    expect(() => deployedOf(without("Alias"))).toThrow(
      "The template refers to Alias, which it doesn't have.",
    );
  });

  it("is an override of a variable that the template doesn't set", () => {
    const deployed = deployedOf(small);
    expect(() => deployed.configure({ replaced: { TABLE_NAME: "flows" }, added: {} })).toThrow(
      "The template gives Function no TABLE_NAME.",
    );
  });
});
