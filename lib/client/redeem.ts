import { fromBase64url, utf8Text } from "./bytes.ts";
import type { Platform } from "./platform.ts";
import type { Authorization } from "./view.ts";

/** Whose tokens are wanted. */
export interface RedeemOptions {
  /** `https://auth.pingone.eu/{environment ID}/as`, or that of a custom domain. */
  readonly issuer: string;
  readonly clientId: string;
  /** By how much this device's clock may be wrong: seconds; 300 unless given. */
  readonly leewaySeconds?: number;
}

/** The claims of an ID token. */
export interface IdTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  /** Epoch seconds. */
  readonly exp: number;
  readonly nonce?: string;
  readonly [claim: string]: unknown;
}

/** What PingOne's token endpoint gives, as it gives it. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly scope?: string;
}

/** The tokens with the ID token's claims, or why there are none to trust. */
export type Redeemed =
  | { readonly ok: true; readonly tokens: Tokens; readonly claims: IdTokenClaims }
  | { readonly ok: false; readonly reason: RedeemFailure };

/**
 * `unreachable`: no answer; the code may have been spent, so sign on again. `refused`: PingOne took the code
 * for spent, expired or another client's. Otherwise the member of the ID token that is wrong.
 */
export type RedeemFailure = "aud" | "exp" | "iss" | "nonce" | "refused" | "unreachable" | "unreadable";

/**
 * Redeems a code at PingOne itself, for an application without a secret. It is sent once: PingOne may revoke
 * what was issued for a code that comes a second time.
 *
 * The signature of the ID token is not checked. It comes from the issuer over TLS, and OpenID Connect lets
 * that do in its place: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation (6). A server
 * that is handed the token has to check it.
 */
export async function redeemCode(
  { code, redirectUri, nonce }: Authorization,
  verifier: string,
  { issuer, clientId, leewaySeconds = 300 }: RedeemOptions,
  platform: Platform,
): Promise<Redeemed> {
  const form = {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  const body: unknown = await post(`${issuer}/token`, form, platform);
  if (typeof body === "string") return { ok: false, reason: body === "refused" ? "refused" : "unreachable" };
  if (!isTokens(body)) return { ok: false, reason: "unreadable" };
  const claims = claimsOf(body.id_token);
  if (claims === undefined) return { ok: false, reason: "unreadable" };
  const reason = wrongClaim(claims, { issuer, clientId, nonce, now: platform.now() / 1_000 - leewaySeconds });
  return reason === undefined ? { ok: true, tokens: body, claims } : { ok: false, reason };
}

/** What the claims of an ID token are held against. */
export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  /** Epoch seconds. */
  readonly now: number;
}

/** The claim that is wrong, if one is. */
export function wrongClaim(
  claims: IdTokenClaims,
  { issuer, clientId, nonce, now }: Expected,
): "aud" | "exp" | "iss" | "nonce" | undefined {
  const audience = typeof claims.aud === "string" ? [claims.aud] : claims.aud;
  if (claims.iss !== issuer) return "iss";
  if (!Array.isArray(audience) || !audience.includes(clientId)) return "aud";
  // With several audiences the token names the one that it was issued to.
  if (audience.length > 1 && claims["azp"] !== clientId) return "aud";
  if (!(claims.exp > now)) return "exp";
  return claims.nonce === nonce ? undefined : "nonce";
}

/** The claims of a JSON Web Token, its signature unread; nothing where it has none. */
export function claimsOf(token: string): IdTokenClaims | undefined {
  try {
    const claims: unknown = JSON.parse(utf8Text(fromBase64url(token.split(".")[1] ?? "")));
    return isClaims(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

async function post(url: string, form: Record<string, string>, { fetch }: Platform): Promise<unknown> {
  try {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: Object.entries(form)
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join("&"),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: new AbortController().signal,
    });
    const text = await reply.text();
    if (reply.status >= 500) return "unreachable";
    return reply.status === 200 ? JSON.parse(text) : "refused";
  } catch {
    return "unreachable";
  }
}

function isTokens(body: unknown): body is Tokens {
  return typeof body === "object" && body !== null && "id_token" in body && typeof body.id_token === "string";
}

function isClaims(value: unknown): value is IdTokenClaims {
  return typeof value === "object" && value !== null && "iss" in value && "aud" in value && "exp" in value;
}
