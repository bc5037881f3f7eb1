import { createHash } from "node:crypto";
import type { Application } from "../flow/application.ts";
import type { Jar } from "../flow/jar.ts";
import type { UpstreamAnswer } from "../flow/provider.ts";
import type { Tokens } from "../flow/tokens.ts";
import { isUnread, readError } from "./error-body.ts";
import { parseJson } from "./flow-body.ts";
import { commonHeaders } from "./headers.ts";
import { throttled } from "./refusals.ts";
import type { RequestContext, UpstreamRequest } from "./requests.ts";
import type { HttpAnswer } from "./send.ts";

/** No token lives longer than ten years, whatever is said of it. */
const longestLifeS = 10 * 366 * 24 * 60 * 60;

/** What is asked of the token endpoint, less who asks. */
export type GrantForm = Readonly<Record<string, string>>;

/** The code of a flow, to be redeemed (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export function codeGrant({ code = "" }: Jar, { redirectUri }: Application, verifier: string): GrantForm {
  return {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
}

/** A refresh token, to be used (RFC 6749 §6). */
export function refreshGrant(refreshToken: string): GrantForm {
  return { grant_type: "refresh_token", refresh_token: refreshToken };
}

/**
 * `POST {base}/as/token` (docs/pingone.md §6.3). No cookie goes with it.
 *
 * @param secret the application's, where it has one
 */
export function grantRequest(
  grant: GrantForm,
  { clientId, clientAuthentication }: Application,
  secret: string,
  { settings, device }: Pick<RequestContext, "device" | "settings">,
): UpstreamRequest {
  const form = new URLSearchParams(grant);
  if (clientAuthentication !== "basic") form.set("client_id", clientId);
  if (clientAuthentication === "post") form.set("client_secret", secret);
  const authorization = clientAuthentication === "basic" ? { authorization: basic(clientId, secret) } : {};
  return {
    method: "POST",
    url: `${settings.baseUrl}/as/token`,
    headers: {
      ...commonHeaders(settings, device),
      ...authorization,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: form.toString(),
  };
}

/** RFC 6749 §2.3.1: both halves are form-encoded first. */
function basic(clientId: string, secret: string): string {
  const pair = [clientId, secret].map((part) =>
    new URLSearchParams({ v: part }).toString().slice("v=".length),
  );
  return `Basic ${Buffer.from(pair.join(":")).toString("base64")}`;
}

/** Whether a verifier is the one of the challenge that the flow was started with (RFC 7636 §4.6). */
export function fits(verifier: string, { codeChallenge }: Jar): boolean {
  if (codeChallenge === undefined) return true;
  return createHash("sha256").update(verifier).digest("base64url") === codeChallenge;
}

/**
 * The tokens in a body. A strange optional member is absent; without the others it is no answer to a grant.
 * Read by hand: a schema in a file of its own would bring half of its library into every cold start.
 */
function tokensIn(body: unknown): Tokens | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(body));
  const textAt = (name: string) => {
    const value = members.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [accessToken, tokenType, seconds] = [
    textAt("access_token"),
    textAt("token_type"),
    members.get("expires_in"),
  ];
  if (accessToken === undefined || tokenType === undefined) return undefined;
  const optional = ["refresh_token", "id_token", "scope"].flatMap((name) => {
    const value = textAt(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    access_token: accessToken,
    token_type: tokenType,
    ...(isLife(seconds) ? { expires_in: Math.floor(seconds) } : {}),
    ...Object.fromEntries(optional),
  };
}

/** JSON has numbers that are none once they are read, such as 1e999. */
function isLife(seconds: unknown): seconds is number {
  return typeof seconds === "number" && seconds >= 0 && seconds <= longestLifeS;
}

/**
 * Reads what the token endpoint answered (RFC 6749 §5). Where it can't be known whether the grant was spent,
 * the answer is `doubtful`.
 *
 * @param now our time, epoch milliseconds, used where PingOne sent no `Date`
 */
export function readGrantAnswer(answered: HttpAnswer, now: number): UpstreamAnswer {
  const { status } = answered;
  if (status === 200) {
    const tokens = tokensIn(parseJson(answered.body));
    return tokens === undefined ? { kind: "doubtful" } : { kind: "redeemed", tokens };
  }
  return status >= 400 && status < 500 ? grantRefusal(answered, now) : { kind: "doubtful" };
}

/** Of the call, and not of what was to be redeemed (RFC 6749 §5.2). */
const grantFaults: readonly (string | undefined)[] = [
  "invalid_request",
  "invalid_scope",
  "unauthorized_client",
  "unsupported_grant_type",
];

/**
 * Our word for a 4xx of the token endpoint. An application that has not proved itself is turned away before
 * anybody looks at its grant (RFC 6749 §3.2.1); `now` as in
 * {@link readGrantAnswer}.
 */
function grantRefusal(answered: HttpAnswer, now: number): UpstreamAnswer {
  const error = readError(answered);
  const limited = throttled(answered, error, now);
  if (limited !== undefined) return limited;
  if (error.error === "invalid_client" || isUnread(answered, error)) return { kind: "refused" };
  if (error.error === "invalid_grant") return { kind: "signed-out" };
  return { kind: grantFaults.includes(error.error) ? "denied" : "doubtful" };
}
