import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Answer, Call } from "./answers.ts";
import { json } from "./answers.ts";
import type { Application } from "./applications.ts";
import { authenticate } from "./client-authentication.ts";
import type { Authorization } from "./codes.ts";
import { heededParameters, isForm, uniqueParameters } from "./parameters.ts";
import { proves } from "./pkce.ts";
import { issueTokens, issueWorkerToken } from "./tokens.ts";
import type { World } from "./world.ts";

const parametersSchema = z.strictObject({
  grant_type: z.string(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});

type Parameters = z.infer<typeof parametersSchema>;

/** Gives what a grant type yields, to a client that has proven itself. */
type GrantHandler = (world: World, application: Application, parameters: Parameters) => Promise<Answer>;

interface GrantType {
  readonly needs: Application["grantTypes"][number];
  readonly give: GrantHandler;
}

const grantTypes = new Map<string, GrantType>([
  ["authorization_code", { needs: "AUTHORIZATION_CODE", give: redeemCode }],
  ["refresh_token", { needs: "REFRESH_TOKEN", give: refresh }],
  ["client_credentials", { needs: "CLIENT_CREDENTIALS", give: giveWorkerToken }],
]);

const uncached = [
  ["cache-control", "no-store"],
  ["pragma", "no-cache"],
] as const;

/** `POST /{envID}/as/token`. Errors are OAuth-shaped, unlike those of `/flows`. */
export async function token(world: World, call: Call): Promise<Answer> {
  const form = isForm(call) ? uniqueParameters(new URLSearchParams(call.body)) : undefined;
  const heeded = form && heededParameters(world.switches, parametersSchema, form);
  const parsed = parametersSchema.safeParse(heeded);
  if (!parsed.success || call.url.search !== "") {
    return oauthError(400, "invalid_request", "Malformed token request");
  }
  const application = authenticate(world.applications, call, parsed.data);
  if (application === undefined) {
    return oauthError(401, "invalid_client", "Request denied: Unsupported authentication method");
  }
  const grantType = grantTypes.get(parsed.data.grant_type);
  if (grantType === undefined) {
    return oauthError(400, "unsupported_grant_type", "The grant type is not allowed");
  }
  if (!application.grantTypes.includes(grantType.needs)) {
    return oauthError(400, "unauthorized_client", "The application has no such grant type");
  }
  return grantType.give(world, application, parsed.data);
}

/** An OAuth error; PingOne's description quotes a correlation id, repeated in the header. */
function oauthError(status: number, error: string, description: string): Answer {
  const id = randomUUID();
  const body = { error, error_description: `${description} (Correlation ID: ${id})` };
  return json(status, body, [...uncached, ["correlation-id", id]]);
}

async function redeemCode(world: World, application: Application, parameters: Parameters): Promise<Answer> {
  const authorization = redeem(world, application, parameters);
  if (authorization === undefined) {
    return oauthError(400, "invalid_grant", "The authorization code is not valid");
  }
  const refreshToken = refreshes(application, authorization)
    ? world.refreshTokens.issue(authorization)
    : undefined;
  return giveTokens(world, authorization, refreshToken);
}

/** The grant of a code presented by its own client. Any such presentation spends the code, right or wrong. */
function redeem(world: World, application: Application, parameters: Parameters): Authorization | undefined {
  const { code = "", code_verifier, redirect_uri } = parameters;
  const grant = world.codes.peek(code);
  if (grant?.request.application.clientId !== application.clientId) return undefined;
  world.codes.spend(code);
  const { challenge, redirectUri, redirectUriGiven } = grant.request;
  // RFC 6749 §4.1.3: to be repeated if it was said. Who says one only now has to say a registered one.
  const fitting = redirectUriGiven ? [redirectUri] : [undefined, ...application.redirectUris];
  return proves(challenge, code_verifier) && fitting.includes(redirect_uri) ? grant : undefined;
}

/** Where `offline_access` is granted, it has to be asked for; else a refresh token always comes. */
function refreshes({ grantTypes: granted, scopes }: Application, { request }: Authorization): boolean {
  const asked = !scopes.includes("offline_access") || request.scope.split(" ").includes("offline_access");
  return granted.includes("REFRESH_TOKEN") && asked;
}

async function refresh(world: World, application: Application, parameters: Parameters): Promise<Answer> {
  const { clientId } = application;
  const { refresh_token = "", scope } = parameters;
  const held = world.refreshTokens.peek(refresh_token, clientId);
  const hasEnded = held !== undefined && world.sessions.hasEnded(held.sessionId);
  if (hasEnded && application.skipTokenSessionValidation !== true) {
    return oauthError(400, "invalid_grant", "The session has ended");
  }
  const granted = held?.request.scope.split(" ");
  if (granted !== undefined && scope?.split(" ").every((one) => granted.includes(one)) === false) {
    return oauthError(400, "invalid_scope", "The scope exceeds the one that was granted");
  }
  const graceMs = world.switches.refreshGrace === "none" ? 0 : 60_000;
  const rotated = world.refreshTokens.rotate(refresh_token, clientId, graceMs);
  if (rotated === undefined) return oauthError(400, "invalid_grant", "The refresh token is not valid");
  const { authorization, next } = rotated;
  // OpenID Connect Core §12.2: an ID token of a refresh has no nonce.
  const request = { ...authorization.request, nonce: undefined, scope: scope ?? authorization.request.scope };
  return giveTokens(world, { ...authorization, request }, next);
}

async function giveTokens(
  { baseUrl, environmentId, clock, signer }: World,
  authorization: Authorization,
  refreshToken: string | undefined,
): Promise<Answer> {
  const tokens = await issueTokens(signer, { authorization, baseUrl, environmentId, now: clock.now() });
  const body = { ...tokens, ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }) };
  return json(200, body, uncached);
}

async function giveWorkerToken(world: World, application: Application): Promise<Answer> {
  const { baseUrl, environmentId, clock, signer } = world;
  const issue = { application, baseUrl, environmentId, now: clock.now() };
  return json(200, await issueWorkerToken(signer, issue), uncached);
}
