import * as z from "zod";
import type { Answer, Call } from "./answers.ts";
import { invalidData, invalidRequest, redirect, refusal } from "./answers.ts";
import type { Application } from "./applications.ts";
import type { Complaint } from "./authorize-checks.ts";
import { complainAbout } from "./authorize-checks.ts";
import { parseBody } from "./bodies.ts";
import type { AuthorizeRequest } from "./flow.ts";
import { heededParameters, isForm, uniqueParameters } from "./parameters.ts";
import { readChallenge } from "./pkce.ts";
import { policies } from "./policies.ts";
import { hintClaims, readSigned, requestClaims } from "./signed-parameters.ts";
import type { World } from "./world.ts";

const parametersSchema = z.strictObject({
  response_type: z.string(),
  client_id: z.string(),
  redirect_uri: z.string().optional(),
  response_mode: z.enum(["pi.flow", "query", "fragment"]).default("query"),
  scope: z.string().optional(),
  state: z.string().optional(),
  nonce: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.string().optional(),
  acr_values: z.string().optional(),
  // `consent` is named by PingOne and ignored for the code grant.
  prompt: z.enum(["none", "login", "consent"]).optional(),
  max_age: z.string().regex(/^\d+$/).optional(),
  login_hint: z.string().min(1).optional(),
  login_hint_token: z.string().min(1).optional(),
  request: z.string().min(1).optional(),
});

/** What PingOne heeds and this stand-in can't play: never taken silently. */
const unplayed = ["request_uri", "mobilePayload"] as const;

type Parameters = z.infer<typeof parametersSchema>;

/** Either what was asked for, or the answer that refuses it. */
export type ReadRequest =
  | { readonly ok: true; readonly request: AuthorizeRequest }
  | { readonly ok: false; readonly answer: Answer };

/** Where and how an authorization answer goes. */
export type ReturnAddress = Pick<AuthorizeRequest, "responseMode" | "redirectUri" | "state">;

/** Reads authorize's parameters from query and form alike. */
export function readAuthorize(world: World, call: Call): ReadRequest {
  const read = readDetailed(world, call);
  const tells = read.ok || read.answer.status !== 400 || world.switches.startRefusals === "detailed";
  return tells ? read : refuse(invalidRequest("The request could not be completed."));
}

function readDetailed(world: World, call: Call): ReadRequest {
  const parsed = readParameters(world, call);
  if (!parsed.ok) return parsed;
  const parameters = parsed.value;
  const application = world.applications.find(parameters.client_id);
  if (application === undefined || application.enabled === false) {
    return refuse(invalidValue("client_id", "Unknown application."));
  }
  const redirectUri = parameters.redirect_uri ?? unsaidRedirectUri(world, parameters, application);
  if (redirectUri === undefined) {
    return refuse(invalidData({ code: "REQUIRED_VALUE", target: "redirect_uri", message: "Is required." }));
  }
  if (!application.redirectUris.includes(redirectUri)) {
    return refuse(invalidValue("redirect_uri", "Redirect URI mismatch."));
  }
  const { response_mode: responseMode, state } = parameters;
  const address = { responseMode, redirectUri, state };
  const complaint = complainAbout(parameters, application);
  if (complaint !== undefined) return refuse(answerComplaint(address, complaint));
  return withSigned(world, parameters, toRequest(parameters, application, address));
}

/** Adds what an application has signed for itself. */
function withSigned(world: World, parameters: Parameters, read: ReadRequest): ReadRequest {
  if (!read.ok) return read;
  const { application } = read.request;
  const { login_hint_token: hintToken, request } = parameters;
  const hint = readSigned(world, { ...application, jwks: undefined }, hintClaims, hintToken);
  const object = readSigned(world, application, requestClaims, request);
  if (hintToken !== undefined && hint === undefined) {
    return refuse(invalidValue("login_hint_token", "Not valid."));
  }
  if (request !== undefined && object === undefined) return refuse(invalidValue("request", "Not valid."));
  return {
    ok: true,
    request: {
      ...read.request,
      ...(hint ? { subject: hint.sub } : {}),
      ...(object ? { remoteIp: object["pi.remoteIp"] } : {}),
    },
  };
}

/** Where to answer an application that need not say it, because nothing is redirected under `pi.flow`. */
function unsaidRedirectUri({ switches }: World, parameters: Parameters, application: Application) {
  const optional = switches.redirectUri === "optional-with-pi.flow";
  return optional && parameters.response_mode === "pi.flow" ? application.redirectUris[0] : undefined;
}

/**
 * `prompt=none` and no session that satisfies the policy. PingOne writes the code
 * in capitals under `pi.flow`.
 */
export function loginRequired(address: ReturnAddress): Answer {
  const message = "User authentication is required.";
  if (address.responseMode !== "pi.flow") return redirectError(address, "login_required", message);
  return refusal(400, "INVALID_REQUEST", message, [{ code: "LOGIN_REQUIRED", message }]);
}

/** Sends the values back to the application's redirect URI, in its query or fragment. */
export function redirectBack(address: ReturnAddress, values: Readonly<Record<string, string>>): Answer {
  const url = new URL(address.redirectUri);
  const all = { ...values, ...(address.state === undefined ? {} : { state: address.state }) };
  if (address.responseMode === "fragment") url.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return redirect(url.href);
}

/** An OAuth error by redirect. */
export function redirectError(address: ReturnAddress, error: string, description: string): Answer {
  return redirectBack(address, { error, error_description: description });
}

function refuse(answer: Answer): ReadRequest {
  return { ok: false, answer };
}

function invalidValue(target: string, message: string): Answer {
  return invalidData({ code: "INVALID_VALUE", target, message });
}

function readParameters({ switches }: World, call: Call) {
  if (call.body !== "" && !isForm(call)) {
    return { ok: false, answer: refusal(415, "INVALID_REQUEST", "Unsupported media type.") } as const;
  }
  const parameters = uniqueParameters(call.url.searchParams, new URLSearchParams(call.body));
  if (parameters === undefined) {
    return { ok: false, answer: invalidRequest("A parameter stands more than once.") } as const;
  }
  return parseBody(parametersSchema, heededParameters(switches, parametersSchema, parameters, unplayed));
}

function answerComplaint(address: ReturnAddress, { error, ...detail }: Complaint): Answer {
  return address.responseMode === "pi.flow"
    ? invalidData(detail)
    : redirectError(address, error, detail.message);
}

function toRequest(parameters: Parameters, application: Application, address: ReturnAddress): ReadRequest {
  const { acr_values = application.policies[0] } = parameters;
  const acr = application.policies.find((name) => name === acr_values);
  const read = readChallenge(application, parameters);
  if (acr === undefined || !read.ok) return refuse(invalidRequest("The request has not been checked."));
  return {
    ok: true,
    request: {
      ...address,
      application,
      redirectUriGiven: parameters.redirect_uri !== undefined,
      policy: policies[acr],
      acr,
      scope: parameters.scope ?? "",
      nonce: parameters.nonce,
      challenge: read.challenge,
      prompt: parameters.prompt,
      maxAge: parameters.max_age === undefined ? undefined : Number(parameters.max_age),
      loginHint: parameters.login_hint,
    },
  };
}
