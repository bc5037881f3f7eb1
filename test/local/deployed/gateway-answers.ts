import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { plainAnswer, type Refusal } from "../refusals.ts";
import type { GatewayResponse } from "./api.ts";

/**
 * Words the gateway's own answers as the template does: the response of the refusal's type, else the default
 * of its class, else API Gateway's.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function gatewayAnswers(
  responses: ReadonlyMap<string, GatewayResponse>,
): (refusal: Refusal, event: APIGatewayProxyEvent) => APIGatewayProxyResult {
  return (refusal, event) => {
    const byClass = refusal.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX";
    const response = responses.get(refusal.refused) ?? responses.get(byClass);
    if (response === undefined) return plainAnswer(refusal);
    const context = contextOf(refusal, event);
    const { "application/json": template } = response.ResponseTemplates;
    const plain = plainAnswer(refusal);
    return {
      statusCode: Number(response.StatusCode ?? refusal.status),
      headers: { ...plain.headers, ...headersOf(response, event, context) },
      body: template === undefined ? plain.body : filled(template, context),
    };
  };
}

type Context = Readonly<Record<string, string>>;

function contextOf({ refused, message }: Refusal, event: APIGatewayProxyEvent): Context {
  const { requestId, httpMethod, path, resourcePath, stage } = event.requestContext;
  return {
    ...{ requestId, httpMethod, path, resourcePath, stage },
    extendedRequestId: requestId,
    "error.message": message,
    "error.messageString": JSON.stringify(message),
    "error.responseType": refused,
  };
}

/** Substitution is all that a gateway response knows; a variable without a value leaves nothing. */
function filled(template: string, context: Context): string {
  return template.replace(
    /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g,
    (_, name: string) => context[name] ?? "",
  );
}

function headersOf(
  { ResponseParameters }: GatewayResponse,
  event: APIGatewayProxyEvent,
  context: Context,
): Record<string, string> {
  const mapped = Object.entries(ResponseParameters).map(([target, source]) => {
    const name = target.replace("gatewayresponse.header.", "");
    return [name, mappedValue(source, event, context)] as const;
  });
  return Object.fromEntries(mapped.filter(([, value]) => value !== ""));
}

/** `'text'`, `context.name` or `method.request.header.name`. */
function mappedValue(source: string, event: APIGatewayProxyEvent, context: Context): string {
  const [, text] = /^'(.*)'$/.exec(source) ?? [];
  if (text !== undefined) return text;
  if (source.startsWith("context.")) return context[source.slice("context.".length)] ?? "";
  if (source.startsWith("method.request.header.")) {
    return event.headers[source.slice("method.request.header.".length).toLowerCase()] ?? "";
  }
  throw new Error(`The template maps ${source}, which isn't known here.`);
}
