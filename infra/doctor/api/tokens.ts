import { createLocalJWKSet, jwtVerify } from "jose";
import * as z from "zod/mini";
import type { SignOn } from "../../../lib/client/sign-on.ts";
import type { Environment } from "../../environment.ts";
import { asking, type Fetch } from "../asking.ts";

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** How tokens are had and judged. */
export interface TokenTools {
  readonly fetch: Fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Redeems the code of a sign-on and verifies the ID token: issuer, audience, nonce and times as the client
 * does, and the signature by PingOne's keys.
 *
 * @returns what is wrong; nothing where the tokens are good
 */
export async function tokenFault(
  { pingOne }: Environment,
  clientId: string,
  client: SignOn,
  { fetch, now }: TokenTools,
): Promise<string | undefined> {
  const issuer = `${pingOne.baseUrl}/as`;
  const redeemed = await client.redeem({ issuer, clientId });
  if (!redeemed.ok) return `the code brings no tokens to trust: ${redeemed.reason}`;
  const asked = await asking(fetch, pingOne.timeoutMs)({ method: "GET", url: `${issuer}/jwks` });
  const keys = asked.kind === "answered" ? KeySet.safeParse(asked.json).data : undefined;
  if (keys === undefined) return "PingOne gives no keys to verify the ID token with";
  try {
    await jwtVerify(redeemed.tokens.id_token, createLocalJWKSet(keys), {
      ...{ issuer, audience: clientId, currentDate: new Date(now()) },
    });
    return undefined;
  } catch {
    return "the ID token's signature isn't by one of PingOne's keys";
  }
}
