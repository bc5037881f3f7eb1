import type { APIGatewayProxyEvent } from "aws-lambda";
import type { DeliverySettings } from "./delivery.ts";
import { exposedHeaders } from "./exposed-headers.ts";
import { singleHeader } from "./request.ts";

/**
 * The headers that let a page of an allowed origin read the reply. The origin is compared as a whole, and no
 * other one is ever named. https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsHeaders(
  event: APIGatewayProxyEvent,
  { allowedOrigins, cookieDelivery }: DeliverySettings,
): Readonly<Record<string, string>> {
  if (allowedOrigins.length === 0) return {};
  const origin = singleHeader(event, "origin");
  if (origin === undefined || !allowedOrigins.includes(origin)) return { Vary: "Origin" };
  return {
    Vary: "Origin",
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": exposedHeaders,
    ...(cookieDelivery ? { "Access-Control-Allow-Credentials": "true" } : {}),
  };
}
