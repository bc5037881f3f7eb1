import type { Jar } from "../flow/jar.ts";
import type { DeviceContext, StartCommand } from "../flow/provider.ts";
import { type StepCommand, type StepName, steps } from "../flow/steps.ts";
import { placeOf } from "./cookie-scope.ts";
import { cookieHeader } from "./cookies.ts";
import { commonHeaders } from "./headers.ts";
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

/** A step that is an action of PingOne's; the others are plain GETs. */
export type ActionStep = Exclude<StepName, "poll" | "resume">;

/** The secrets that bind an authorization to the flow it was asked for. */
interface AuthorizationSecrets {
  readonly state: string;
  readonly nonce: string;
}

/**
 * `POST {base}/as/authorize` with `response_mode=pi.flow` (reference §1.4): begins a flow. The parameters go in the
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
    headers: {
      ...commonHeaders(context.settings, context.device),
      "content-type": "application/x-www-form-urlencoded",
    },
    body: form.toString(),
  };
}

/** The request for a step: `POST {base}/flows/{id}` for an action, `GET {base}/as/resume` for resume (reference §3). */
export function stepRequest(command: StepCommand, jar: Jar, context: RequestContext): UpstreamRequest {
  switch (command.step) {
    case "lookup":
      return actionRequest(command.step, { username: command.username }, jar, context);
    case "password":
      return actionRequest(
        command.step,
        { username: command.username, password: command.password },
        jar,
        context,
      );
    case "otp":
      return actionRequest(command.step, { otp: command.otp }, jar, context);
    case "device":
      return actionRequest(command.step, { device: { id: command.deviceId } }, jar, context);
    case "resume":
      return resumeRequest(jar, context);
    case "poll":
      return readRequest(jar, context);
  }
}

/** `GET {base}/flows/{id}`: reads the flow and changes nothing (reference §1.3). */
export function readRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  return getRequest(flowUrl(jar, context), jar, context);
}

/**
 * `GET {base}/as/resume?flowId=` asks for the authorization code (reference §6.1). The `resumeUrl` in PingOne's
 * answers is never used: cookies go only where the configuration says.
 */
function resumeRequest(jar: Jar, context: RequestContext): UpstreamRequest {
  const id = encodeURIComponent(jar.upstreamFlowId);
  return getRequest(`${context.settings.baseUrl}/as/resume?flowId=${id}`, jar, context);
}

function getRequest(url: string, jar: Jar, context: RequestContext): UpstreamRequest {
  return { method: "GET", url, headers: headersFor(url, jar, context) };
}

function flowUrl(jar: Jar, { settings }: RequestContext): string {
  return `${settings.baseUrl}/flows/${encodeURIComponent(jar.upstreamFlowId)}`;
}

/** The media type is the verb: every action goes to the same URL. */
function actionRequest(step: ActionStep, body: object, jar: Jar, context: RequestContext): UpstreamRequest {
  const url = flowUrl(jar, context);
  return {
    method: "POST",
    url,
    headers: { ...headersFor(url, jar, context), "content-type": steps[step].mediaType },
    body: JSON.stringify(body),
  };
}

function headersFor(
  url: string,
  { cookies }: Jar,
  { settings, device, now }: RequestContext,
): Record<string, string> {
  const cookie = cookieHeader(cookies, placeOf(url, settings.baseUrl), now);
  return { ...commonHeaders(settings, device), ...(cookie === undefined ? {} : { cookie }) };
}
