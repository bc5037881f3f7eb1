import type { Cookie, Jar } from "../flow/jar.ts";
import type { DeviceContext, StartCommand } from "../flow/provider.ts";
import type { StepCommand } from "../flow/steps.ts";
import { cookieHeader } from "./cookies.ts";
import type { PingOneSettings } from "./settings.ts";

/** A request to PingOne, complete but for what the connection adds (`Host`, `Content-Length`, `Connection`). */
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

/** The secrets that bind an authorization to the flow it was asked for. */
interface AuthorizationSecrets {
  readonly state: string;
  readonly nonce: string;
}

/**
 * `POST {base}/as/authorize` with `response_mode=pi.flow` (docs/pingone.md §1.4): begins a flow. The parameters go in the
 * body, where no access log shows them. `redirect_uri` is always sent, since the token call has to repeat it.
 */
export function authorizeRequest(
  command: StartCommand,
  secrets: AuthorizationSecrets,
  context: RequestContext,
): UpstreamRequest {
  const { application } = command;
  const form = new URLSearchParams({
    response_type: "code",
    response_mode: "pi.flow",
    client_id: application.clientId,
    redirect_uri: application.redirectUri,
    scope: application.scopes.join(" "),
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: command.codeChallenge,
    code_challenge_method: "S256",
  });
  if (command.policy !== undefined) {
    form.set("acr_values", command.policy);
  }
  if (command.loginHint !== undefined) {
    form.set("login_hint", command.loginHint);
  }
  return {
    method: "POST",
    url: `${context.settings.baseUrl}/as/authorize`,
    headers: { ...commonHeaders([], context), "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  };
}

/** The request for a step: `POST {base}/flows/{id}` for an action, `GET {base}/as/resume` for resume (docs/pingone.md §3, §6.1). */
export function stepRequest({ call }: StepCommand, jar: Jar, context: RequestContext): UpstreamRequest {
  switch (call.kind) {
    case "action":
      return {
        method: "POST",
        url: flowUrl(jar, context),
        headers: { ...commonHeaders(jar.cookies, context), "content-type": call.mediaType },
        body: JSON.stringify(call.body),
      };
    case "resume":
      return resumeRequest(jar, context);
    case "read":
      return readRequest(jar, context);
  }
}

/** `GET {base}/flows/{id}`: reads the flow, which moves nothing but its expiry (docs/pingone.md §1.3, §8.1). */
export function readRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  return { method: "GET", url: flowUrl(jar, context), headers: commonHeaders(jar.cookies, context) };
}

/**
 * `GET {base}/as/resume?flowId=` asks for the authorization code (docs/pingone.md §6.1). The `resumeUrl` in PingOne's
 * answers is never used: cookies go only where the configuration says.
 */
function resumeRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  return {
    method: "GET",
    url: `${context.settings.baseUrl}/as/resume?flowId=${encodeURIComponent(jar.upstreamFlowId)}`,
    headers: commonHeaders(jar.cookies, context),
  };
}

function flowUrl(jar: Jar, { settings }: RequestContext): string {
  return `${settings.baseUrl}/flows/${encodeURIComponent(jar.upstreamFlowId)}`;
}

/** No `Authorization`: PingOne answers 401 to one (docs/pingone.md §1.5). `application/json` alone can get 406. */
function commonHeaders(
  cookies: readonly Cookie[],
  { settings, device, now }: RequestContext,
): Record<string, string> {
  const cookie = cookieHeader(cookies, now);
  const userAgent = settings.forwardUserAgent ? plain(device.userAgent) : undefined;
  const acceptLanguage = settings.forwardAcceptLanguage ? plain(device.acceptLanguage) : undefined;
  return {
    accept: "*/*",
    ...(cookie === undefined ? {} : { cookie }),
    ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
    ...(acceptLanguage === undefined ? {} : { "accept-language": acceptLanguage }),
  };
}

/** The person's device may claim anything: what isn't printable ASCII of a sane length is left out. */
function plain(value: string | undefined): string | undefined {
  return value !== undefined && /^(?=[!-~])[ -~]{0,511}[!-~]$/.test(value) ? value : undefined;
}
