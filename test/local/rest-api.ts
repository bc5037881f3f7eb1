import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { GivenReply } from "../contract/replies/judge.ts";
import { judgeReply } from "../contract/replies/record.ts";
import { portOf } from "../support/engines.ts";
import { type ServedFiles, serveFile } from "./files.ts";
import { proxyEvent } from "./proxy-event.ts";
import { noSuchRoute, type Refusal, tooLong } from "./refusals.ts";

/** One method on one path. */
export interface ApiRoute {
  readonly method: string;
  /** A parameter stands in braces. */
  readonly path: string;
  answer(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult | Refusal>;
}

/** What the gateway stands in front of. */
export interface RestApi {
  readonly routes: readonly ApiRoute[];
  /** Puts an answer of the gateway's own into words. */
  refuse(refusal: Refusal, event: APIGatewayProxyEvent): APIGatewayProxyResult;
  /** What is served beside it, on this machine alone. */
  readonly files?: ServedFiles;
}

/** A running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:{port}`. */
  readonly url: string;
  /** Ends every connection and waits for the port to be free. */
  close(): Promise<void>;
}

/**
 * The largest payload API Gateway takes: 10 MB.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const largestPayload = 10 * 1024 * 1024;

const noFiles: ServedFiles = new Map();

/**
 * Stands where API Gateway's REST API stands: turns HTTP requests on loopback into proxy events for the
 * routes, and answers as the gateway does where no route is reached. Every reply is held against the
 * document of the API.
 *
 * @param port 0 takes any free one
 * @param judge what is told of each reply; for an API that is not ours, nothing
 * @throws the `listen` error, such as `EADDRINUSE`
 */
export async function serveRestApi(
  api: RestApi,
  port = 0,
  judge: (reply: GivenReply) => void = judgeReply,
): Promise<Gateway> {
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (serveFile(api.files ?? noFiles, request, response)) return;
    serve(api, judge, request, response).catch(() => response.destroy());
  });
  const url = await listen(server, port);
  return { url, close: () => close(server) };
}

async function serve(
  api: RestApi,
  judge: (reply: GivenReply) => void,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname: path } = new URL(message.url ?? "/", "http://gateway.invalid");
  const { route, parameters } = match(api.routes, message.method ?? "GET", path);
  const body = await readBody(message);
  const resource = route?.path ?? "";
  const event = proxyEvent({ message, path, resource, parameters, body: body ?? "" });
  const answered = await answerTo(event, route, body !== undefined);
  const answer = "refused" in answered ? api.refuse(answered, event) : answered;
  write(response, answer);
  judge({
    method: event.httpMethod,
    path: resource,
    status: answer.statusCode,
    headers: Object.fromEntries(
      response.getHeaderNames().map((name) => [name, String(response.getHeader(name))]),
    ),
    body: answer.body,
  });
}

async function answerTo(
  event: APIGatewayProxyEvent,
  route: ApiRoute | undefined,
  fits: boolean,
): Promise<APIGatewayProxyResult | Refusal> {
  if (route === undefined) return noSuchRoute;
  return fits ? route.answer(event) : tooLong;
}

interface Match {
  readonly route: ApiRoute | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

function match(routes: readonly ApiRoute[], method: string, path: string): Match {
  for (const route of routes) {
    const pattern = route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const found = new RegExp(`^${pattern}$`).exec(path);
    if (found !== null && route.method === method) {
      return { route, parameters: Object.fromEntries(Object.entries(found.groups ?? {}).map(decode)) };
    }
  }
  return { route: undefined, parameters: {} };
}

function decode([name, value]: [string, string]): [string, string] {
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return [name, value];
  }
}

async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestPayload) chunks.push(bytes);
  }
  return size > largestPayload ? undefined : Buffer.concat(chunks).toString("utf8");
}

function write(response: ServerResponse, answer: APIGatewayProxyResult): void {
  const { statusCode, headers = {}, multiValueHeaders = {}, body } = answer;
  // What a function leaves open is JSON to the gateway, even where there is nothing.
  response.setHeader("Content-Type", "application/json");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    response.setHeader(name, (values ?? []).map(String));
  }
  response.writeHead(statusCode).end(body);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${portOf(server.address())}`));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
