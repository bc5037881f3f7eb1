import { Validator } from "@cfworker/json-schema";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { missingParameters, type Refusal, wrongBody } from "../refusals.ts";
import type { ApiMethod } from "./api.ts";

/** Judges a request as API Gateway does before it asks the integration. */
export type RequestJudge = (event: APIGatewayProxyEvent) => Refusal | undefined;

/**
 * Judges by a method's required parameters, then by the model of the content type. A content type without a
 * model is let through, as by API Gateway.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function requestJudge({ required, models }: ApiMethod): RequestJudge {
  const validators = new Map([...models].map(([type, schema]) => [type, new Validator(schema, "4")]));
  return (event) => {
    const missing = required.filter((name) => isBlank(event, name));
    if (missing.length > 0) return missingParameters(missing.map((name) => name.split(".").at(-1) ?? name));
    const validator = validators.get(contentTypeOf(event)) ?? validators.get("$default");
    return validator === undefined || fits(event.body, validator) ? undefined : wrongBody;
  };
}

function isBlank(event: APIGatewayProxyEvent, parameter: string): boolean {
  const [, , place = "", ...rest] = parameter.split(".");
  const name = rest.join(".");
  if (place === "path") return (event.pathParameters?.[name] ?? "").trim() === "";
  if (place === "header") return (event.headers[name.toLowerCase()] ?? "").trim() === "";
  throw new Error(`The template requires ${parameter}, which can't be judged here.`);
}

/** Without a content type, API Gateway takes a body for JSON. */
function contentTypeOf(event: APIGatewayProxyEvent): string {
  const [type = ""] = (event.headers["content-type"] ?? "application/json").split(";");
  return type.trim().toLowerCase();
}

function fits(body: string | null, validator: Validator): boolean {
  try {
    return validator.validate(JSON.parse(body ?? "")).valid;
  } catch {
    return false;
  }
}
