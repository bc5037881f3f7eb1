import type { Answer, Call } from "./answers.ts";
import { accessFailed, html, json } from "./answers.ts";
import { personClaims } from "./tokens.ts";
import type { World } from "./world.ts";

/** `GET /{envID}/as/jwks`: the public key. */
export async function jwks(world: World): Promise<Answer> {
  return json(200, { keys: [await world.signer.publicKey()] });
}

/** `GET /{envID}/as/.well-known/openid-configuration`. Names only what this stand-in does. */
export function discovery(world: World): Answer {
  const issuer = `${world.baseUrl}/as`;
  return json(200, {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/signoff`,
    response_types_supported: ["code"],
    response_modes_supported: ["pi.flow", "query", "fragment"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    subject_types_supported: ["public"],
    scopes_supported: ["openid", "profile", "email"],
    code_challenge_methods_supported: ["S256", "plain"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
  });
}

/** `GET|POST /{envID}/as/userinfo` with a bearer access token: the claims its scopes allow. */
export async function userinfo(world: World, call: Call): Promise<Answer> {
  const token = /^Bearer (\S+)$/.exec(call.headers.get("authorization") ?? "")?.[1] ?? "";
  const claims = await world.signer.verify(token, world.clock.now());
  const account = world.accounts.withId(String(claims?.["sub"]));
  // An ID token of ours verifies too, but carries no scope.
  const scope = claims?.["scope"];
  if (account === undefined || typeof scope !== "string") return accessFailed();
  const application = world.applications.find(String(claims?.["client_id"]));
  const hasEnded = world.sessions.hasEnded(String(claims?.["sid"]));
  if (hasEnded && application?.skipTokenSessionValidation !== true) return accessFailed();
  return json(200, { sub: account.person.id, ...personClaims(scope, account.person) });
}

/** `GET /{envID}/signon/`: where browsers without a session land. */
export function signOnPage(): Answer {
  return html(200, "Hosted sign-on page.");
}
