import type { Application } from "./applications.ts";
import { readChallenge } from "./pkce.ts";

/** An OAuth error and how PingOne words it under `pi.flow`. */
export interface Complaint {
  readonly error: string;
  readonly code: string;
  readonly target: string;
  readonly message: string;
}

/** Those of authorize's parameters that an application may or may not send. */
interface Wanted {
  readonly response_type: string;
  readonly scope?: string | undefined;
  readonly acr_values?: string | undefined;
  readonly code_challenge?: string | undefined;
  readonly code_challenge_method?: string | undefined;
}

/** The first thing that is wrong with what an application asks for. */
export function complainAbout(wanted: Wanted, application: Application): Complaint | undefined {
  return (
    complainAboutGrant(application) ??
    complainAboutPushing(application) ??
    complainAboutResponseType(wanted) ??
    complainAboutPkce(wanted, application) ??
    complainAboutPolicy(wanted, application) ??
    complainAboutScope(wanted, application)
  );
}

function invalid(error: string, target: string, message: string): Complaint {
  return { error, code: "INVALID_VALUE", target, message };
}

function complainAboutGrant({ grantTypes }: Application): Complaint | undefined {
  if (grantTypes.includes("AUTHORIZATION_CODE")) return undefined;
  return invalid("unauthorized_client", "client_id", "The application does not sign people on.");
}

function complainAboutPushing({ parRequirement }: Application): Complaint | undefined {
  if (parRequirement !== "REQUIRED") return undefined;
  return invalid("invalid_request", "request_uri", "The application requires pushed requests.");
}

function complainAboutResponseType({ response_type }: Wanted): Complaint | undefined {
  if (response_type === "code") return undefined;
  const message = "The application allows the response type code only.";
  return invalid("unsupported_response_type", "response_type", message);
}

function complainAboutPkce(wanted: Wanted, application: Application): Complaint | undefined {
  const read = readChallenge(application, wanted);
  return read.ok ? undefined : invalid("invalid_request", read.target, read.message);
}

function complainAboutPolicy({ acr_values }: Wanted, { policies }: Application): Complaint | undefined {
  if (acr_values === undefined || policies.some((name) => name === acr_values)) return undefined;
  return invalid("invalid_request", "acr_values", "The application has no such sign-on policy.");
}

function complainAboutScope({ scope = "" }: Wanted, { scopes }: Application): Complaint | undefined {
  const wanted = scope.split(" ").filter((one) => one !== "");
  if (wanted.every((one) => scopes.includes(one))) return undefined;
  return invalid("invalid_scope", "scope", "The application does not grant every scope asked for.");
}
