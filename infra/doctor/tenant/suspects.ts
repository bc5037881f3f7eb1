import type { Environment } from "../../environment.ts";
import { type Finding, settingAt } from "../finding.ts";
import type { Application, Change, Start, Started } from "./start.ts";

/** What of a start PingOne refuses. `application`: something of it, and it can't be told what. */
type Suspect =
  | "application"
  | "client-id"
  | "grant"
  | "pi-flow"
  | "policy"
  | "pushed"
  | "redirect-uri"
  | "scope";

type Refused = Extract<Started, { kind: "refused" }>;

const byTarget = new Map<string | undefined, Suspect>([
  ["acr_values", "policy"],
  ["client_id", "client-id"],
  ["redirect_uri", "redirect-uri"],
  ["request_uri", "pushed"],
  ["response_mode", "pi-flow"],
  ["response_type", "grant"],
  ["scope", "scope"],
]);

/** OAuth's own words for it (RFC 6749 §4.1.2.1). */
const byError = new Map<string | undefined, Suspect>([
  ["invalid_client", "client-id"],
  ["invalid_scope", "scope"],
  ["unauthorized_client", "grant"],
  ["unsupported_response_mode", "pi-flow"],
  ["unsupported_response_type", "grant"],
]);

/** Without one of these a start can do, so that it is the culprit where a start without it is taken. */
const withoutIt: readonly (readonly [Suspect, Change])[] = [
  ["policy", (form) => form.delete("acr_values")],
  ["redirect-uri", (form) => form.delete("redirect_uri")],
  ["scope", (form) => form.set("scope", "openid")],
];

/**
 * What PingOne refuses of a start. Often it says so. Where it doesn't (docs/pingone.md §1.4 (11)), the start
 * is tried with one thing less.
 */
export async function suspectOf(
  refused: Refused,
  start: Start,
  policy: string | undefined,
): Promise<Suspect> {
  const named = refused.reasons
    .map(({ target }) => byTarget.get(target))
    .find((found) => found !== undefined);
  const told = named ?? byError.get(refused.error);
  if (told !== undefined) return told;
  for (const [suspect, change] of withoutIt) {
    const { kind } = await start(policy, change);
    if (kind === "flow" || kind === "davinci") return suspect;
  }
  return "application";
}

/** A refused start as a finding. */
export function refusalFinding(
  suspect: Suspect,
  environment: Environment,
  { name }: Application,
  policy: string | undefined,
): Finding {
  const at = (member: string) => settingAt(environment, `applications.${name}.${member}`);
  const [what, mend] = sentences(suspect, at, policy);
  return { kind: suspect, what: `${name}: ${what}`, mend };
}

type Place = (member: string) => string;

function sentences(suspect: Suspect, at: Place, policy = ""): readonly [what: string, mend: string] {
  switch (suspect) {
    case "client-id":
      return [
        "PingOne signs nobody on for this client id: it isn't of this environment, is a worker's, or is switched off.",
        `${at("clientId")}: the application's tab Overview; its switch`,
      ];
    case "redirect-uri":
      return [
        "The redirect URI isn't registered at the application.",
        `${at("redirectUri")}, or the application's tab Configuration, Redirect URIs: letter by letter`,
      ];
    case "policy":
      return [
        `The application has no sign-on policy ${policy}.`,
        `${at("policies")}, or the application's tab Policies: the name, not the title`,
      ];
    case "scope":
      return [
        "The application doesn't grant every scope that is asked for.",
        `${at("scopes")}, or the application's tab Resources`,
      ];
    case "grant":
      return [
        "The application may not ask for a code.",
        "the application's tab Configuration: response type Code, grant type Authorization Code",
      ];
    case "pushed":
      return [
        "The application takes pushed authorization requests alone, and this API sends none.",
        "the application's tab Configuration: Require pushed authorization request, Optional",
      ];
    case "pi-flow":
      return [
        "PingOne doesn't take response_mode=pi.flow for the application.",
        "the application's type and sign-on page: docs/pingone-setup.md, step 2; if both are right, Ping's support",
      ];
    case "application":
      return [
        "PingOne refuses every start and doesn't say why: client id, redirect URI, a switch that is off, the grant type, or required pushed requests.",
        `${at("clientId")}; docs/pingone-setup.md, step 2`,
      ];
  }
}
