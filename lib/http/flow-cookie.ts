import type { APIGatewayProxyEvent } from "aws-lambda";
import { parseCookie, stringifySetCookie } from "cookie";
import { longestLifeMs } from "../flow/lifetime.ts";
import { fault, type ParseResult } from "../operation/parsing.ts";
import { headerValues } from "./request.ts";
import { FlowToken } from "./schemas.ts";

/** Its prefix has browsers take it over TLS only; `__Host-` would have them send it with every flow's requests. */
const name = "__Secure-flow-token";

/**
 * The `Set-Cookie` that brings a browser the next token of a flow: no script can read it, no other site's request
 * carries it, and it is sent to that flow's routes only.
 *
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis
 */
export function flowCookie(flowId: string, flowToken: string): string {
  return stringifySetCookie({ ...attributesFor(flowId), value: flowToken, maxAge: longestLifeMs / 1_000 });
}

/** The `Set-Cookie` that has a browser forget the token of a flow. */
export function forgottenCookie(flowId: string): string {
  return stringifySetCookie({ ...attributesFor(flowId), value: "", maxAge: 0 });
}

/** Whether a request carries the cookie, be it fit or not. */
export function hasFlowCookie(event: APIGatewayProxyEvent): boolean {
  return tokensIn(event).length > 0;
}

/** The flow token of the cookie. One that comes twice is refused: somebody else may have set the other. */
export function parseFlowCookie(event: APIGatewayProxyEvent): ParseResult<string> {
  const [first, ...others] = tokensIn(event);
  const flowToken = FlowToken.safeParse(first).data;
  if (flowToken === undefined || others.length > 0) return fault("cookie", "malformed");
  return { ok: true, value: flowToken };
}

function attributesFor(flowId: string) {
  // The path of the flow's routes in infra/api/routes.ts.
  const path = `/flows/${flowId}`;
  return { name, path, httpOnly: true, secure: true, sameSite: "strict" } as const;
}

/** Pair by pair, since of a whole header the parser tells the first of each name only. */
function tokensIn(event: APIGatewayProxyEvent): readonly string[] {
  const pairs = headerValues(event, "cookie").flatMap((value) => value.split(";"));
  return pairs.flatMap((pair) => parseCookie(pair, { decode: (text) => text })[name] ?? []);
}
