// Serves functions over HTTP in one process: what a gateway would make of a request, and no more. Arguments:
// the functions, each as its name, an equals sign and its file.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import type { LambdaHandler } from "../../../lib/http/endpoint.ts";
import { lambdaContext } from "../../local/lambda-context.ts";
import { proxyEvent } from "../../local/proxy-event.ts";
import { portOf } from "../../support/engines.ts";
import { meterPath, readMeter } from "./meter.ts";

const handlers = new Map<string, LambdaHandler>();
for (const argument of process.argv.slice(2)) {
  const [name = "", file = ""] = argument.split("=");
  const { handler } = await import(pathToFileURL(file).href);
  handlers.set(name, handler);
}

async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = message.url ?? "/";
  if (path === meterPath) return readMeter(response);
  const [, , flowId, step = "start"] = path.split("/");
  const handler = handlers.get(step);
  if (handler === undefined) throw new Error(`There is no function for ${path}.`);
  const event = proxyEvent({
    ...{ message, path, resource: path, body: await text(message) },
    parameters: flowId === undefined ? {} : { flowId },
  });
  // As the gateway would have seen it.
  event.requestContext.identity.sourceIp = String(message.headers["x-forwarded-for"]);
  const { statusCode, headers = {}, body } = await handler(event, lambdaContext(step));
  const names = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  response.writeHead(statusCode, Object.fromEntries(names)).end(body);
}

const server = createServer((message, response) => {
  serve(message, response).catch((error: unknown) => {
    process.stderr.write(`${error}\n`);
    response.destroy();
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`{"port":${portOf(server.address())}}\n`);
});
