import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { routes } from "../../infra/api/routes.ts";
import type { LambdaHandler } from "../../lib/http/endpoint.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { lambdaContext } from "./lambda-context.ts";
import { functionFailed, plainAnswer, type Refusal } from "./refusals.ts";
import { type Gateway, serveRestApi } from "./rest-api.ts";

/**
 * Serves the handlers in this process, by the same route table that is deployed.
 *
 * @param port 0 takes any free one
 * @throws the `listen` error, such as `EADDRINUSE`
 */
export function startGateway(
  handlers: Readonly<Record<OperationName, LambdaHandler>>,
  port = 0,
): Promise<Gateway> {
  const served = routes.map(({ method, path, function: name }) => ({
    method,
    path,
    answer: (event: APIGatewayProxyEvent) => invoke(name, handlers[name], event),
  }));
  return serveRestApi({ routes: served, refuse: plainAnswer }, port);
}

async function invoke(
  name: OperationName,
  handler: LambdaHandler,
  event: APIGatewayProxyEvent,
): Promise<APIGatewayProxyResult | Refusal> {
  try {
    return await handler(event, lambdaContext(name));
  } catch (error) {
    // A function that can't start says so once in its own log; its client learns nothing of it.
    process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : "unknown error"}\n`);
    return functionFailed;
  }
}
