import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import * as z from "zod";
import { patienceMs } from "./patience.ts";

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
  const keys = createRemoteJWKSet(new URL(`${baseUrl}/as/jwks`), { timeoutDuration: patienceMs });
  const { payload } = await jwtVerify(tokens.id_token, keys, {
    issuer: `${baseUrl}/as`,
    audience: clientId,
    currentDate: new Date(now),
  });
  return payload;
}
