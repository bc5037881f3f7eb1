import type { APIGatewayProxyEvent } from "aws-lambda";
import { parseSetCookie } from "cookie";
import { fromOwnSite } from "../../support/browser-client.ts";
import { type ApiCall, eventOf, type Handlers, invoke, type RawReply, type Transport } from "./api.ts";

/** Headers as they are sent: a name may come twice. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** The cookie that a browser keeps for a flow with this token. */
export function cookieOf(token: string): string {
  return `__Secure-flow-token=${token}`;
}

/** The event of a request with other headers than a bearer's, beside the tag that it is known by. */
export function eventWith(call: ApiCall, headers: HeaderLines): APIGatewayProxyEvent {
  const all: HeaderLines = [["User-Agent", call.tag], ...headers];
  const several = Map.groupBy(all, ([name]) => name);
  return {
    ...eventOf(call),
    // As the gateway has them: of a name that comes twice, the last.
    headers: Object.fromEntries(all),
    multiValueHeaders: Object.fromEntries(
      [...several].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]),
    ),
  };
}

/**
 * A browser's way to the handlers, from a page on their own site: the token goes and comes as a cookie. What
 * that brings is put beside the reply's body, which is all that a person's client looks at.
 */
export function byCookie(handlers: Handlers): Transport {
  return async (call) => {
    const body = call.name === "start" ? { ...call.body, tokenDelivery: "cookie" } : call.body;
    const headers: HeaderLines = [
      ...Object.entries(fromOwnSite),
      ...(call.token === undefined ? [] : ([["Cookie", cookieOf(call.token)]] as const)),
      ...(body === undefined ? [] : ([["Content-Type", "application/json"]] as const)),
    ];
    return unpacked(await invoke(handlers, call.name, eventWith({ ...call, body }, headers)));
  };
}

function unpacked(reply: RawReply): RawReply {
  if (reply.text.includes("flowToken")) throw new Error("A token travelled in a body.");
  // The next lines say the same for other spellings of the path.
  const [line] = reply.headers["set-cookie"]?.split("\n") ?? [];
  if (line === undefined || reply.text === "") return reply;
  const body: object = JSON.parse(reply.text);
  return { ...reply, text: JSON.stringify({ ...body, flowToken: parseSetCookie(line).value }) };
}
