import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { type CrossOriginSettings, preflightAnswer } from "../../infra/api/cross-origin.ts";
import { type GatewayAnswer, gatewayAnswers as ownAnswers } from "../../infra/api/gateway-answers.ts";
import { routes } from "../../infra/api/routes.ts";
import type { LambdaHandler } from "../../lib/http/endpoint.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { gatewayAnswers } from "./deployed/gateway-answers.ts";
import { mockAnswer } from "./deployed/mock-integration.ts";
import { lambdaContext } from "./lambda-context.ts";
import { functionFailed, type Refusal } from "./refusals.ts";
import { type ApiRoute, type Gateway, type RestApi, serveRestApi } from "./rest-api.ts";

/** Without pages of anybody's. */
const noPages: CrossOriginSettings = { allowedOrigins: [], cookieDelivery: false };

/**
 * Serves the handlers in this process, by the same route table that is deployed, and with the gateway's own
 * answers as they are deployed: preflights, and what is said where no function is reached.
 *
 * @param port 0 takes any free one
 * @param wrapped what the API is made into before it is served
 * @throws the `listen` error, such as `EADDRINUSE`
 */
export function startGateway(
  handlers: Readonly<Record<OperationName, LambdaHandler>>,
  port = 0,
  settings = noPages,
  wrapped = (api: RestApi) => api,
): Promise<Gateway> {
  const served = routes.map(({ method, path, function: name }) => ({
    method,
    path,
    answer: (event: APIGatewayProxyEvent) => invoke(name, handlers[name], event),
  }));
  const refuse = gatewayAnswers(new Map(ownAnswers(settings).map(asDeployed)));
  return serveRestApi(wrapped({ routes: [...served, ...preflights(settings)], refuse }), port);
}

function asDeployed({ type, status, headers, template }: GatewayAnswer) {
  const ResponseParameters = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
  );
  const ResponseTemplates = { "application/json": template };
  const response = {
    ...{ ResponseType: type, StatusCode: String(status) },
    ...{ ResponseParameters, ResponseTemplates },
  };
  return [type, response] as const;
}

function preflights(settings: CrossOriginSettings): ApiRoute[] {
  if (settings.allowedOrigins.length === 0) return [];
  return [...Map.groupBy(routes, ({ path }) => path)].map(([path, ofPath]) => {
    const methods = ofPath.map(({ method }) => method);
    const { status, headers, template } = preflightAnswer(methods, settings);
    const parameters = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
    );
    const answer = mockAnswer({ status, parameters, template });
    return { method: "OPTIONS", path, answer: async (event) => answer(event) };
  });
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
