import { createHash, randomUUID } from "node:crypto";
import type { JWK } from "jose";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import type { Application } from "./applications.ts";
import type { Authorization } from "./codes.ts";
import type { Person } from "./people.ts";

const LIFE_S = 3600;
const API_AUDIENCE = "https://api.pingone.eu";
const ORGANIZATION_ID = "0f9d8c7b-6a5e-4d3c-8b2a-190817263544";

/** Makes and checks tokens with one RS256 key pair. */
export interface Signer {
  publicKey(): Promise<JWK>;
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** The claims of a token of ours that is valid at `now` (epoch milliseconds). */
  verify(token: string, now: number): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** A signer with a key pair of its own, made when first needed: most sign-ons of tests end before that. */
export function createSigner(): Signer {
  let made: ReturnType<typeof generateKeyPair> | undefined;
  const keys = () => {
    made ??= generateKeyPair("RS256");
    return made;
  };
  const kid = randomUUID();
  return {
    publicKey: async () => ({
      ...(await exportJWK((await keys()).publicKey)),
      kid,
      use: "sig",
      alg: "RS256",
    }),
    sign: async (claims) => {
      const { privateKey } = await keys();
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
        .sign(privateKey);
    },
    verify: async (token, now) => {
      const { publicKey } = await keys();
      try {
        return (await jwtVerify(token, publicKey, { currentDate: new Date(now) })).payload;
      } catch {
        return undefined;
      }
    },
  };
}

interface Issuer {
  readonly baseUrl: string;
  readonly environmentId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

interface Issue extends Issuer {
  readonly authorization: Authorization;
}

/** The token endpoint's success body: access token, and an ID token when `openid` was asked for. */
export async function issueTokens(signer: Signer, issue: Issue): Promise<Readonly<Record<string, unknown>>> {
  const { scope } = issue.authorization.request;
  const accessToken = await signer.sign(accessClaims(issue));
  const body = { access_token: accessToken, token_type: "Bearer", expires_in: LIFE_S, scope };
  if (!scope.split(" ").includes("openid")) return body;
  return { ...body, id_token: await signer.sign(idClaims(issue, accessToken)) };
}

/** The body for a worker application: an access token of its own, about nobody. */
export async function issueWorkerToken(
  signer: Signer,
  issue: Issuer & { readonly application: Application },
): Promise<Readonly<Record<string, unknown>>> {
  const { clientId } = issue.application;
  const claims = { ...issuerClaims(issue), sub: clientId, client_id: clientId };
  const accessToken = await signer.sign({ ...claims, jti: randomUUID(), aud: [API_AUDIENCE] });
  return { access_token: accessToken, token_type: "Bearer", expires_in: LIFE_S };
}

function issuerClaims({ baseUrl, environmentId, now }: Issuer) {
  const iat = Math.floor(now / 1000);
  return {
    iss: `${baseUrl}/as`,
    iat,
    exp: iat + LIFE_S,
    env: environmentId,
    org: ORGANIZATION_ID,
    "p1.region": "EU",
  };
}

function commonClaims(issue: Issue) {
  const { signOn, sessionId } = issue.authorization;
  return { ...issuerClaims(issue), sub: signOn.account.person.id, sid: sessionId };
}

function accessClaims(issue: Issue) {
  const { application, scope } = issue.authorization.request;
  return {
    ...commonClaims(issue),
    jti: randomUUID(),
    aud: [API_AUDIENCE],
    client_id: application.clientId,
    scope,
  };
}

function idClaims(issue: Issue, accessToken: string) {
  const { request, signOn } = issue.authorization;
  return {
    ...commonClaims(issue),
    aud: request.application.clientId,
    acr: signOn.acr,
    amr: signOn.amr,
    auth_time: Math.floor(signOn.authTime / 1000),
    at_hash: createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url"),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...personClaims(request.scope, signOn.account.person),
  };
}

/** Claims about the person, by the granted scopes (space-separated). */
export function personClaims(scope: string, person: Person) {
  const scopes = scope.split(" ");
  const profile = {
    preferred_username: person.username,
    given_name: person.given,
    family_name: person.family,
    updated_at: 1_767_225_600,
  };
  return {
    ...(scopes.includes("profile") ? profile : {}),
    ...(scopes.includes("email") ? { email: person.username } : {}),
  };
}
