import { originFault } from "../../lib/addresses.ts";
import type { Route } from "./routes.ts";

/** Whose pages may call the API, and whether with a cookie. */
export interface CrossOriginSettings {
  readonly allowedOrigins: readonly string[];
  readonly cookieDelivery: boolean;
}

/** How long a browser may keep the answer: seconds. Chromium keeps none longer than two hours. */
const maxAge = 7_200;

/** The answer to a browser's preflight on a path, as the gateway is told it. */
export interface PreflightAnswer {
  readonly status: 204;
  /** By the name of the header. */
  readonly headers: Readonly<Record<string, string>>;
  /** In the Velocity Template Language: names the origin that asks, where it is one of the allowed. */
  readonly template: string;
}

/**
 * What a browser's preflight on a path is answered, without a function. The origin is compared as a whole
 * with each allowed one (CDK's own preflight takes an origin for a regular expression, in which a dot is any
 * character), and an origin that is not in the list gets no leave.
 *
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightAnswer(
  methods: readonly Route["method"][],
  settings: CrossOriginSettings,
): PreflightAnswer {
  const headers = {
    "Access-Control-Allow-Headers": "Authorization,Content-Type,Idempotency-Key,X-Request-Id",
    "Access-Control-Allow-Methods": methods.join(","),
    "Access-Control-Max-Age": String(maxAge),
    "Cache-Control": "no-store",
    Vary: "Origin",
  };
  return { status: 204, headers, template: originTemplate(settings) };
}

/**
 * An origin that may stand between quotes in a template, a header mapping or a firewall's answer. Its grammar
 * has no quote, no `$`, no `#` and no line end, so nothing in it is ever run.
 *
 * @throws an error when it is none
 */
export function plainOrigin(origin: string): string {
  const fault = originFault(origin);
  if (fault !== undefined) throw new Error(`No template can name an allowed origin. ${fault}`);
  return origin;
}

function originTemplate({ allowedOrigins, cookieDelivery }: CrossOriginSettings): string {
  const isAllowed = allowedOrigins.map((origin) => `$origin == "${plainOrigin(origin)}"`).join(" || ");
  const leave = [
    "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)",
    ...(cookieDelivery
      ? ['#set($context.responseOverride.header.Access-Control-Allow-Credentials = "true")']
      : []),
  ].join("");
  return [
    '#set($origin = $input.params().header.get("Origin"))',
    '#if(!$origin || $origin == "")#set($origin = $input.params().header.get("origin"))#end',
    `#if(${isAllowed})${leave}#end`,
  ].join("\n");
}
