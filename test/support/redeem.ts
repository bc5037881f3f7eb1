import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import * as z from "zod";
import type { ApiReply } from "./flow-client.ts";
import { patienceMs } from "./patience.ts";
import { registered } from "./stand-in.ts";

const Tokens = z.looseObject({
  id_token: z.string(),
  access_token: z.string(),
  token_type: z.literal("Bearer"),
});

/** What a public client needs to redeem a code with PingOne itself. */
export interface Redemption {
  /** `https://auth.pingone.eu/{envID}`, or the simulator's. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
  /** The time by which the ID token is judged: epoch milliseconds. */
  readonly now: number;
}

/** Redeems the code (RFC 6749 §4.1.3, RFC 7636 §4.5) and gives the claims of the verified ID token. */
export async function redeem(redemption: Redemption): Promise<JWTPayload> {
  const { baseUrl, clientId, code, redirectUri, verifier, now } = redemption;
  const response = await fetch(`${baseUrl}/as/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
  const tokens = Tokens.parse(await response.json());
  return claimsOf(tokens.id_token, { baseUrl, clientIds: [clientId], now });
}

/** What an ID token is judged by. */
interface Judgement {
  readonly baseUrl: string;
  /** Of the applications that it may be for. */
  readonly clientIds: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The claims of an ID token of PingOne's, verified. */
export async function claimsOf(idToken: string, { baseUrl, clientIds, now }: Judgement): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${baseUrl}/as/jwks`), { timeoutDuration: patienceMs });
  const { payload } = await jwtVerify(idToken, keys, {
    issuer: `${baseUrl}/as`,
    audience: [...clientIds],
    currentDate: new Date(now),
  });
  return payload;
}

/**
 * The claims that a reply is worth: those of the ID token in it, or of the one that its code is redeemed for.
 *
 * @param pkce whose verifier the code is redeemed with
 */
export function claimsIn(
  { body }: ApiReply,
  { verifier }: { readonly verifier: string },
  { baseUrl, now }: Pick<Judgement, "baseUrl" | "now">,
): Promise<JWTPayload> {
  const { code = "", redirectUri = "", id_token: idToken } = body;
  if (idToken !== undefined) return claimsOf(idToken, { baseUrl, clientIds: registeredIds, now });
  return redeem({ baseUrl, clientId: registered.mobile.clientId, code, redirectUri, verifier, now });
}

const registeredIds = Object.values(registered).map(({ clientId }) => clientId);
