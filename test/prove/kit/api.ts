import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import * as z from "zod";
import { type Route, routes } from "../../../infra/api/routes.ts";
import type { LambdaHandler } from "../../../lib/http/endpoint.ts";
import type { OperationName } from "../../../lib/operation/names.ts";
import { judgeReply } from "../../contract/replies/record.ts";
import { lambdaContext } from "../../local/lambda-context.ts";
import { requestContext } from "../../local/proxy-event.ts";

/** One request to the public API. */
export interface ApiCall {
  readonly name: OperationName;
  /**
   * Travels as the `User-Agent`, which PingOne is told: so every call can be laid at the door of its request.
   */
  readonly tag: string;
  readonly flowId?: string | undefined;
  readonly token?: string | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** Where the gateway sees the request come from; loopback unless said. */
  readonly address?: string | undefined;
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a handler answered, as it can be handed from process to process. */
export interface RawReply {
  readonly http: number;
  /** Of a name that came several times, all values, each on a line of its own. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const View = z.looseObject({
  flowId: z.string().optional(),
  flowToken: z.string().optional(),
  status: z.string().optional(),
  next: z.array(z.string()).optional(),
  pending: z.string().optional(),
  settled: z.string().optional(),
  expiresAt: z.string().optional(),
});

const Body = View.extend({
  code: z.string().optional(),
  error: z.string().optional(),
  redirectUri: z.string().optional(),
  flowEnded: z.boolean().optional(),
  retryable: z.boolean().optional(),
  /** With a problem whose request moved the flow's token on. */
  flow: View.optional(),
});

/** A reply, parsed. */
export interface ApiReply extends RawReply {
  readonly body: z.output<typeof Body>;
  /** The name of the problem; absent for a view or an authorization code. */
  readonly problem: string | undefined;
  /** The next flow token, wherever in the body it stands. */
  readonly token: string | undefined;
}

/** The handlers, wherever they run. */
export type Transport = (call: ApiCall) => Promise<RawReply>;

/** The handler of each function. */
export type Handlers = Readonly<Record<OperationName, LambdaHandler>>;

/** Handlers in this process, called as Lambda calls them. */
export function directTo(handlers: Handlers): Transport {
  return (call) => invoke(handlers, call.name, eventOf(call));
}

/** Has a handler of this process answer an event. */
export async function invoke(
  handlers: Handlers,
  name: OperationName,
  event: APIGatewayProxyEvent,
): Promise<RawReply> {
  const result = await handlers[name](event, lambdaContext(name));
  judgeResult(name, result);
  const { statusCode, headers, multiValueHeaders, body } = result;
  const several = Object.entries(multiValueHeaders ?? {}).map(([key, values = []]) => [
    key,
    values.join("\n"),
  ]);
  const named = [...Object.entries(headers ?? {}), ...several].map(([key = "", value]) => [
    key.toLowerCase(),
    String(value),
  ]);
  return { http: statusCode, headers: Object.fromEntries(named), text: body };
}

/** Holds what a handler answers against the document of the API. */
export function judgeResult(name: OperationName, { statusCode, headers, body }: APIGatewayProxyResult): void {
  const { method, path } = routeOf(name);
  const named = Object.entries(headers ?? {}).map(([key, value]) => [key, String(value)]);
  judgeReply({ method, path, status: statusCode, headers: Object.fromEntries(named), body });
}

function routeOf(name: OperationName): Route {
  const route = routes.find((one) => one.function === name);
  if (route === undefined) throw new Error(`No route leads to ${name}.`);
  return route;
}

/** Reads a reply. */
export function parseReply(raw: RawReply): ApiReply {
  const isJson = /json/.test(raw.headers["content-type"] ?? "");
  const body = isJson ? Body.parse(JSON.parse(raw.text)) : {};
  const problem = raw.http >= 400 ? body.error : undefined;
  return { ...raw, body, problem, token: body.flowToken ?? body.flow?.flowToken };
}

/** The same handlers, for whoever is at that address. */
export function from(address: string, transport: Transport): Transport {
  return (call) => transport({ ...call, address });
}

/** The gateway's event of a call. */
export function eventOf(call: ApiCall): APIGatewayProxyEvent {
  const { name, tag, flowId, token, body, address = "127.0.0.1" } = call;
  const route = routeOf(name);
  const headers = {
    "User-Agent": tag,
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...call.headers,
  };
  const shared = { path: route.path.replace("{flowId}", flowId ?? ""), httpMethod: route.method };
  return {
    ...shared,
    resource: route.path,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: flowId === undefined ? null : { flowId },
    stageVariables: null,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: requestContext({
      ...shared,
      resourcePath: route.path,
      sourceIp: address,
      userAgent: tag,
    }),
  };
}
