import type { APIGatewayProxyEvent } from "aws-lambda";
import { parseCookie, stringifySetCookie } from "cookie";
import { foldedId } from "../flow/ids.ts";
import { longestLifeMs } from "../flow/lifetime.ts";
import { fault, type ParseResult } from "../operation/parsing.ts";
import { headerValues } from "./request.ts";
import { FlowToken } from "./schemas.ts";

/**
 * Its prefix has browsers take it over TLS only; `__Host-` would have them send it
 * with every flow's requests.
 */
const name = "__Secure-flow-token";

const attributes = { httpOnly: true, secure: true, sameSite: "strict" } as const;

/**
 * The lines of `Set-Cookie` that bring a browser the next token of a flow: no script can read it, no other
 * site's request carries it, and it is sent to that flow's routes only.
 *
 * A browser compares paths letter by letter, and a page may have got the id from where it was
 * printed anew: so there is one line for the id in lower case, as we print it, and one for it in
 * capitals. No request gets both.
 *
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis
 */
export function flowCookies(flowId: string, flowToken: string): string[] {
  return linesFor(flowId, { value: flowToken, maxAge: longestLifeMs / 1_000 });
}

/** The lines of `Set-Cookie` that have a browser forget the token of a flow. */
export function forgottenCookies(flowId: string): string[] {
  return linesFor(flowId, { value: "", maxAge: 0 });
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

function linesFor(flowId: string, kept: { readonly value: string; readonly maxAge: number }): string[] {
  const spellings = new Set([foldedId(flowId), flowId.toUpperCase()]);
  return [...spellings].map((spelling) =>
    // The path of the flow's routes in infra/api/routes.ts.
    stringifySetCookie({ name, ...kept, path: `/flows/${spelling}`, ...attributes }),
  );
}

/** Pair by pair, since of a whole header the parser tells the first of each name only. */
function tokensIn(event: APIGatewayProxyEvent): readonly string[] {
  const pairs = headerValues(event, "cookie").flatMap((value) => value.split(";"));
  return pairs.flatMap((pair) => parseCookie(pair, { decode: (text) => text })[name] ?? []);
}
