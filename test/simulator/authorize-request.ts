import * as z from "zod";
import type { Answer, Call } from "./answers.ts";
import { invalidData, invalidRequest, redirect, refusal } from "./answers.ts";
import type { Application } from "./applications.ts";
import { findApplication } from "./applications.ts";
import { parseBody } from "./bodies.ts";
import type { AuthorizeRequest } from "./flow.ts";
import { isForm, uniqueParameters } from "./parameters.ts";
import { DEFAULT_POLICY, findPolicy } from "./policies.ts";

const parametersSchema = z.strictObject({
  response_type: z.string(),
  client_id: z.string(),
  redirect_uri: z.string(),
  response_mode: z.enum(["pi.flow", "query", "fragment"]).default("query"),
  scope: z.string().optional(),
  state: z.string().optional(),
  nonce: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.string().optional(),
  acr_values: z.string().default(DEFAULT_POLICY),
  // `consent` is named by PingOne and ignored for the code grant.
  prompt: z.enum(["none", "login", "consent"]).optional(),
  max_age: z.string().regex(/^\d+$/).optional(),
  login_hint: z.string().min(1).optional(),
});

type Parameters = z.infer<typeof parametersSchema>;

/** Either what was asked for, or the answer that refuses it. */
export type ReadRequest =
  | { readonly ok: true; readonly request: AuthorizeRequest }
  | { readonly ok: false; readonly answer: Answer };

/** An OAuth error and how PingOne words it under `pi.flow`. */
interface Complaint {
  readonly error: string;
  readonly code: string;
  readonly target: string;
  readonly message: string;
}

/** Where and how an authorization answer goes. */
export type ReturnAddress = Pick<AuthorizeRequest, "responseMode" | "redirectUri" | "state">;

/** Reads authorize's parameters from query and form alike. Nothing unknown passes. */
export function readAuthorize(call: Call): ReadRequest {
  const parsed = readParameters(call);
  if (!parsed.ok) return parsed;
  const parameters = parsed.value;
  const application = findApplication(parameters.client_id);
  if (application === undefined) return refuse(invalidValue("client_id", "Unknown application."));
  if (!application.redirectUris.includes(parameters.redirect_uri)) {
    return refuse(invalidValue("redirect_uri", "Redirect URI mismatch."));
  }
  const address = {
    responseMode: parameters.response_mode,
    redirectUri: parameters.redirect_uri,
    state: parameters.state,
  };
  const complaint = complainAbout(parameters, application);
  if (complaint !== undefined) return refuse(answerComplaint(address, complaint));
  return toRequest(parameters, application, address);
}

/** `login_required`: `prompt=none` and no session that satisfies the policy. */
export function loginRequired(address: ReturnAddress): Answer {
  const message = "The request requires the user to sign on.";
  if (address.responseMode !== "pi.flow") return redirectError(address, "login_required", message);
  return refusal(400, "INVALID_REQUEST", message, [{ code: "login_required", message }]);
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

function readParameters(call: Call) {
  if (call.body !== "" && !isForm(call)) {
    return { ok: false, answer: refusal(415, "INVALID_REQUEST", "Unsupported media type.") } as const;
  }
  const parameters = uniqueParameters(call.url.searchParams, new URLSearchParams(call.body));
  if (parameters === undefined) {
    return { ok: false, answer: invalidRequest("A parameter stands more than once.") } as const;
  }
  return parseBody(parametersSchema, parameters);
}

function complainAbout(parameters: Parameters, application: Application): Complaint | undefined {
  if (parameters.response_type !== "code") {
    const message = "The application allows the response type code only.";
    return { error: "unsupported_response_type", code: "INVALID_VALUE", target: "response_type", message };
  }
  return complainAboutPkce(parameters) ?? complainAboutScope(parameters, application);
}

function complainAboutPkce(parameters: Parameters): Complaint | undefined {
  const common = { error: "invalid_request", code: "INVALID_VALUE" };
  if (parameters.code_challenge_method !== "S256") {
    return { ...common, target: "code_challenge_method", message: "The application requires S256." };
  }
  if (!/^[\w-]{43}$/.test(parameters.code_challenge ?? "")) {
    return { ...common, target: "code_challenge", message: "Not the base64url form of a SHA-256 hash." };
  }
  if (findPolicy(parameters.acr_values) === undefined) {
    return { ...common, target: "acr_values", message: "No such sign-on policy." };
  }
  return undefined;
}

function complainAboutScope({ scope }: Parameters, application: Application): Complaint | undefined {
  const wanted = (scope ?? "").split(" ").filter((one) => one !== "");
  if (wanted.every((one) => application.scopes.includes(one))) return undefined;
  const message = "The application does not grant every scope asked for.";
  return { error: "invalid_scope", code: "INVALID_VALUE", target: "scope", message };
}

function answerComplaint(address: ReturnAddress, { error, ...detail }: Complaint): Answer {
  return address.responseMode === "pi.flow"
    ? invalidData(detail)
    : redirectError(address, error, detail.message);
}

function toRequest(parameters: Parameters, application: Application, address: ReturnAddress): ReadRequest {
  const policy = findPolicy(parameters.acr_values);
  if (policy === undefined) return refuse(invalidValue("acr_values", "No such sign-on policy."));
  return {
    ok: true,
    request: {
      ...address,
      application,
      policy,
      acr: parameters.acr_values,
      scope: parameters.scope ?? "",
      nonce: parameters.nonce,
      codeChallenge: parameters.code_challenge ?? "",
      prompt: parameters.prompt,
      maxAge: parameters.max_age === undefined ? undefined : Number(parameters.max_age),
      loginHint: parameters.login_hint,
    },
  };
}
