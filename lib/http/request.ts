import { isUtf8 } from "node:buffer";
import type { APIGatewayProxyEvent } from "aws-lambda";
import type { FlowId } from "../flow/log-text.ts";
import type { DeviceContext } from "../flow/provider.ts";
import type { FlowKey } from "../flow/store.ts";
import { FlowIdSchema } from "../operation/bodies/texts.ts";
import { fault, type ParseResult } from "../operation/parsing.ts";
import { addressOf } from "./network.ts";
import { BearerToken } from "./schemas.ts";

/** The value of a header, whatever the case of its name (RFC 9110 §5.1). */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  const value: unknown = found?.[1];
  // Whoever makes up a gateway's event may put anything there.
  return typeof value === "string" ? value : undefined;
}

/** The value of a header that came exactly once. */
export function singleHeader(event: APIGatewayProxyEvent, name: string): string | undefined {
  const [value, ...others] = headerValues(event, name);
  return others.length === 0 ? value : undefined;
}

/** Every value of a header, in the order in which they came; in `headers` the gateway keeps only the last. */
export function headerValues(event: APIGatewayProxyEvent, name: string): readonly string[] {
  const several = Object.entries(event.multiValueHeaders ?? {})
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, values]) => values ?? []);
  const single = header(event, name);
  return several.length === 0 && single !== undefined ? [single] : several;
}

/** The `flowId` of the path, when it is one, in lower case: for the log as well as for the request. */
export function flowIdOf(event: APIGatewayProxyEvent): FlowId | undefined {
  return FlowIdSchema.safeParse(event.pathParameters?.["flowId"]).data;
}

/** The flow token of the `Authorization` header. */
export function parseBearer(event: APIGatewayProxyEvent): ParseResult<string> {
  const sent = header(event, "authorization");
  if (sent === undefined) return fault("authorization", "missing");
  const flowToken = BearerToken.safeParse(sent).data;
  return flowToken === undefined ? fault("authorization", "malformed") : { ok: true, value: flowToken };
}

/** What names the flow, with what proves the right to act on it. */
export function parseKey(event: APIGatewayProxyEvent, token: ParseResult<string>): ParseResult<FlowKey> {
  const flowId = flowIdOf(event);
  if (flowId !== undefined && token.ok) return { ok: true, value: { flowId, flowToken: token.value } };
  const ofPath = flowId === undefined ? fault("flowId", "malformed").fields : [];
  return { ok: false, fields: [...ofPath, ...(token.ok ? [] : token.fields)] };
}

/** The body: JSON, at most so many bytes; without one, an empty object. */
export function parseBody(event: APIGatewayProxyEvent, largestBody: number): ParseResult<unknown> {
  const text = bodyText(event);
  if (text === undefined) return fault("body", "not-json");
  if (text === "") return { ok: true, value: {} };
  const contentType = header(event, "content-type");
  if (contentType === undefined) return fault("content-type", "missing");
  return isJson(contentType) ? parseJsonBody(text, largestBody) : fault("content-type", "not-json");
}

/** What the person's device says of itself. */
export function deviceOf(event: APIGatewayProxyEvent): DeviceContext {
  return {
    userAgent: header(event, "user-agent"),
    acceptLanguage: header(event, "accept-language"),
    address: addressOf(event),
  };
}

/** JSON is UTF-8, maybe with a byte order mark before it (RFC 8259 §8.1): nothing for other bytes. */
function bodyText(event: APIGatewayProxyEvent): string | undefined {
  const body: unknown = event.body ?? "";
  if (typeof body !== "string") return undefined;
  const bytes = event.isBase64Encoded ? Buffer.from(body, "base64") : undefined;
  if (bytes !== undefined && !isUtf8(bytes)) return undefined;
  return (bytes?.toString("utf8") ?? body).replace(/^\ufeff/, "");
}

function isJson(contentType: string): boolean {
  return /^application\/json *(;|$)/i.test(contentType);
}

function parseJsonBody(text: string, largestBody: number): ParseResult<unknown> {
  if (Buffer.byteLength(text) > largestBody) return fault("body", "too-long");
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The parser's message quotes the text, and so perhaps a password: it goes no further.
    return fault("body", "not-json");
  }
}
