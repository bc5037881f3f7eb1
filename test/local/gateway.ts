import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { type FunctionName, type Route, routes } from "../../infra/routes.ts";
import type { LambdaHandler } from "../../lib/http/endpoint.ts";
import { lambdaContext } from "./lambda-context.ts";

/** A running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:{port}`. */
  readonly url: string;
  /** Ends every connection and waits for the port to be free. */
  close(): Promise<void>;
}

/** The largest payload API Gateway takes: 10 MB. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const largestPayload = 10 * 1024 * 1024;

/**
 * Stands where API Gateway's REST API stands: turns HTTP requests on loopback into proxy events for the handlers,
 * by the same route table that is deployed, and answers as the gateway does where no handler is reached.
 *
 * @param port 0 takes any free one
 * @throws the `listen` error, such as `EADDRINUSE`
 */
export async function startGateway(
  handlers: Readonly<Record<FunctionName, LambdaHandler>>,
  port = 0,
): Promise<Gateway> {
  const server = createServer((request, response) => {
    serve(handlers, request, response).catch(() => response.destroy());
  });
  const url = await listen(server, port);
  return { url, close: () => close(server) };
}

async function serve(
  handlers: Readonly<Record<FunctionName, LambdaHandler>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://gateway.invalid");
  const match = matchRoute(request.method ?? "GET", pathname);
  if (match === undefined) return answer(response, gatewayAnswer(403, "Missing Authentication Token"));
  const body = await readBody(request);
  if (body === undefined) return answer(response, gatewayAnswer(413, "Request Too Long"));
  const event = toEvent(request, match, pathname, body);
  try {
    answer(response, await handlers[match.route.function](event, lambdaContext(match.route.function)));
  } catch (error) {
    // A function that can't start says so once in its own log; its client learns nothing of it.
    process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : "unknown error"}\n`);
    answer(response, gatewayAnswer(502, "Internal server error"));
  }
}

interface Match {
  readonly route: Route;
  readonly parameters: Record<string, string>;
}

function matchRoute(method: string, pathname: string): Match | undefined {
  for (const route of routes) {
    const pattern = route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const found = new RegExp(`^${pattern}$`).exec(pathname);
    if (found !== null && route.method === method) {
      return { route, parameters: Object.fromEntries(Object.entries(found.groups ?? {}).map(decode)) };
    }
  }
  return undefined;
}

function decode([name, value]: [string, string]): [string, string] {
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return [name, value];
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestPayload) chunks.push(bytes);
  }
  return size > largestPayload ? undefined : Buffer.concat(chunks).toString("utf8");
}

function toEvent(
  request: IncomingMessage,
  { route, parameters }: Match,
  path: string,
  body: string,
): APIGatewayProxyEvent {
  const headers = Object.entries(request.headersDistinct);
  const shared = { path, httpMethod: route.method };
  return {
    ...shared,
    resource: route.path,
    headers: Object.fromEntries(headers.map(([name, values]) => [name, values?.at(-1)])),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: Object.keys(parameters).length > 0 ? parameters : null,
    stageVariables: null,
    body: body === "" ? null : body,
    isBase64Encoded: false,
    requestContext: {
      ...shared,
      accountId: "000000000000",
      apiId: "local",
      authorizer: undefined,
      identity: identityOf(request),
      protocol: "HTTP/1.1",
      requestId: randomUUID(),
      requestTimeEpoch: Date.now(),
      resourceId: "local",
      resourcePath: route.path,
      stage: "local",
    },
  };
}

function identityOf(request: IncomingMessage): APIGatewayProxyEvent["requestContext"]["identity"] {
  return {
    accessKey: null,
    accountId: null,
    apiKey: null,
    apiKeyId: null,
    caller: null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.socket.remoteAddress ?? "",
    user: null,
    userAgent: request.headers["user-agent"] ?? null,
    userArn: null,
  };
}

function gatewayAnswer(statusCode: number, message: string): APIGatewayProxyResult {
  return { statusCode, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ message }) };
}

function answer(response: ServerResponse, { statusCode, headers, body }: APIGatewayProxyResult): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  response.writeHead(statusCode).end(body);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" ? (address?.port ?? port) : port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
