import type { Application } from "../flow/application.ts";
import type { Jar } from "../flow/jar.ts";
import type { DeviceContext, StartCommand } from "../flow/provider.ts";
import type { StepCommand } from "../flow/steps.ts";
import { placeOf } from "./cookie-scope.ts";
import { cookieHeader } from "./cookies.ts";
import { commonHeaders } from "./headers.ts";
import type { PingOneSettings } from "./settings.ts";

/** A request to PingOne, complete but for what a connection adds (`Host`, `Content-Length`, `Connection`). */
export interface UpstreamRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** What every request is built from beside its own command. */
export interface RequestContext {
  readonly settings: PingOneSettings;
  readonly device: DeviceContext;
  /** Epoch milliseconds: cookies that have expired by then stay behind. */
  readonly now: number;
}

/** Parameters that are signed (docs/pingone.md §9). */
export type SignedParameters = Partial<Record<"login_hint_token" | "request", string>>;

/** The secrets that bind an authorization to the flow it was asked for. */
interface AuthorizationSecrets {
  readonly state: string;
  readonly nonce: string;
}

/**
 * `POST {base}/as/authorize` with `response_mode=pi.flow` (docs/pingone.md §1.4): begins a flow. The
 * parameters go in the body, where no access log shows them. `redirect_uri` is always sent, since the token
 * call has to repeat it.
 */
export function authorizeRequest(
  command: StartCommand,
  secrets: AuthorizationSecrets,
  context: RequestContext,
  signed: SignedParameters = {},
): UpstreamRequest {
  const form = authorization(command.application, secrets, command, { response_mode: "pi.flow" });
  for (const [name, value] of Object.entries(signed)) form.set(name, value);
  if (command.loginHint !== undefined) form.set("login_hint", command.loginHint);
  return {
    method: "POST",
    url: `${context.settings.baseUrl}/as/authorize`,
    headers: {
      ...commonHeaders(context.settings, context.device),
      "content-type": "application/x-www-form-urlencoded",
    },
    body: form.toString(),
  };
}

/**
 * The request for a step: `POST {base}/flows/{id}` for an action, `GET {base}/as/resume` for resume
 * (docs/pingone.md §3, §6.1).
 */
export function stepRequest(
  { call }: Pick<StepCommand, "call">,
  jar: Jar,
  context: RequestContext,
): UpstreamRequest {
  switch (call.kind) {
    case "action": {
      const url = flowUrl(jar, context);
      const headers = { ...headersFor(url, jar, context), "content-type": call.mediaType };
      return { method: "POST", url, headers, body: JSON.stringify(call.body) };
    }
    case "resume":
      return resumeRequest(jar, context);
    case "read":
      return readRequest(jar, context);
    case "exchange":
      throw new TypeError("A code is redeemed at the token endpoint.");
  }
}

/**
 * `GET {base}/as/authorize` with a redirect, for a browser (docs/pingone.md §3.10). The challenge is the
 * flow's, so that its client can redeem what comes of it.
 */
export function browserUrl(
  { codeChallenge, maxAge, policy }: Pick<Jar, "codeChallenge" | "maxAge" | "policy">,
  application: Application,
  secrets: AuthorizationSecrets,
  { baseUrl }: PingOneSettings,
): string | undefined {
  // Under another policy than the one that was asked for less might be asked of the person.
  const isUntold = policy === undefined && application.policies.length > 0;
  if (codeChallenge === undefined || isUntold) return undefined;
  return `${baseUrl}/as/authorize?${authorization(application, secrets, { codeChallenge, maxAge, policy })}`;
}

/** What an authorization is asked for with, by whichever way. */
function authorization(
  { clientId, redirectUri, scopes }: Application,
  { state, nonce }: AuthorizationSecrets,
  { codeChallenge, maxAge, policy }: Pick<StartCommand, "codeChallenge" | "maxAge" | "policy">,
  mode: { readonly response_mode?: "pi.flow" } = {},
): URLSearchParams {
  return new URLSearchParams({
    response_type: "code",
    ...mode,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(" "),
    state,
    nonce,
    code_challenge: codeChallenge,
    code_challenge_method: "S256",
    ...(policy === undefined ? {} : { acr_values: policy }),
    // A session of the browser's may be older than the client takes.
    ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
  });
}

/** `GET {base}/as/jwks`: PingOne's keys. Nothing of a person's goes with it. */
export function keysRequest(settings: PingOneSettings): UpstreamRequest {
  return { method: "GET", url: `${settings.baseUrl}/as/jwks`, headers: commonHeaders(settings, {}) };
}

/** `GET {base}/flows/{id}`: reads the flow, and moves nothing but its expiry (docs/pingone.md §1.3, §8.1). */
export function readRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  return getRequest(flowUrl(jar, context), jar, context);
}

/**
 * `GET {base}/as/resume?flowId=` asks for the authorization code (docs/pingone.md §6.1). The `resumeUrl` in
 * PingOne's answers is never used: cookies go only where the configuration says.
 */
function resumeRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  const id = encodeURIComponent(jar.upstreamFlowId);
  return getRequest(`${context.settings.baseUrl}/as/resume?flowId=${id}`, jar, context);
}

/** `GET {base}/as/signoff`: ends the session of the cookie that goes with it (docs/pingone.md §6.5). */
export function signOffRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  return getRequest(`${context.settings.baseUrl}/as/signoff`, jar, context);
}

function getRequest(url: string, jar: Jar, context: RequestContext): UpstreamRequest {
  return { method: "GET", url, headers: headersFor(url, jar, context) };
}

function flowUrl(jar: Jar, { settings }: RequestContext): string {
  return `${settings.baseUrl}/flows/${encodeURIComponent(jar.upstreamFlowId)}`;
}

function headersFor(
  url: string,
  { cookies }: Jar,
  { settings, device, now }: RequestContext,
): Record<string, string> {
  const cookie = cookieHeader(cookies, placeOf(url, settings.baseUrl), now);
  return { ...commonHeaders(settings, device), ...(cookie === undefined ? {} : { cookie }) };
}
