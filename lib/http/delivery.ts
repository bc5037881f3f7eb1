import type { APIGatewayProxyEvent } from "aws-lambda";
import type * as z from "zod/mini";
import type { FaultReason, RequestFault } from "../flow/problems.ts";
import type { FlowKey } from "../flow/store.ts";
import { fault, type ParseResult } from "../operation/parsing.ts";
import { hasFlowCookie, parseFlowCookie } from "./flow-cookie.ts";
import { header, headerValues, parseBearer, parseKey } from "./request.ts";
import { TokenDelivery } from "./schemas.ts";

/** How the flow token travels. */
export type Delivery = z.output<typeof TokenDelivery>;

/** Whose pages may read the replies, and whether they may have the flow token as a cookie. */
export interface DeliverySettings {
  /** Web origins. */
  readonly allowedOrigins: readonly string[];
  readonly cookieDelivery: boolean;
}

/** A body without the member that is no business of the operation's, and what that member said. */
interface DeliveryChoice {
  readonly delivery: ParseResult<Delivery>;
  readonly rest: unknown;
}

/** How a start wants its token. A body that is no object is left to whoever judges bodies. */
export function takeDelivery(body: unknown, { cookieDelivery }: DeliverySettings): DeliveryChoice {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, "tokenDelivery")) {
    return { delivery: { ok: true, value: "body" }, rest: body };
  }
  const { tokenDelivery, ...rest } = { tokenDelivery: undefined, ...body };
  const asked = TokenDelivery.safeParse(tokenDelivery).data;
  const isKnown = asked === "body" || (asked === "cookie" && cookieDelivery);
  if (isKnown) return { delivery: { ok: true, value: asked }, rest };
  return {
    delivery: fault("tokenDelivery", typeof tokenDelivery === "string" ? "unknown" : "malformed"),
    rest,
  };
}

/**
 * How a request on a flow brings its token, and so gets the next: where it has
 * `Authorization`, no cookie counts.
 */
export function deliveryOf(event: APIGatewayProxyEvent, { cookieDelivery }: DeliverySettings): Delivery {
  const isBearer = header(event, "authorization") !== undefined;
  return cookieDelivery && !isBearer && hasFlowCookie(event) ? "cookie" : "body";
}

/** The key of a request, its token from where it travels. */
export function parseDelivered(event: APIGatewayProxyEvent, delivery: Delivery): ParseResult<FlowKey> {
  return parseKey(event, delivery === "cookie" ? parseFlowCookie(event) : parseBearer(event));
}

/**
 * What `Sec-Fetch-Site` says of a page on our own site.
 *
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
const ownSite: readonly string[] = ["same-origin", "same-site"];

/**
 * The headers by which a request fails to show that a page of an allowed origin sent it: a browser sends a
 * cookie on its own account, so that the cookie doesn't tell who asks. No page can forge either header. A
 * request without a cookie needs neither, since no browser adds a bearer token by itself.
 */
export function crossSiteFaults(
  event: APIGatewayProxyEvent,
  delivery: Delivery,
  { allowedOrigins }: DeliverySettings,
): readonly RequestFault[] {
  if (delivery === "body") return [];
  const asked = { origin: allowedOrigins, "sec-fetch-site": ownSite };
  return Object.entries(asked).flatMap(([name, known]) => {
    const reason = headerFault(headerValues(event, name), known);
    return reason === undefined ? [] : [{ name, reason }];
  });
}

function headerFault(
  [value, ...others]: readonly string[],
  known: readonly string[],
): FaultReason | undefined {
  if (value === undefined) return "missing";
  if (others.length > 0) return "malformed";
  return known.includes(value) ? undefined : "unknown";
}
