import { randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import type { Application } from "../flow/application.ts";

/** How long PingOne may take what is signed for the right one: seconds. */
const lifeSeconds = 60;

/** What a JWT is signed for, and with. */
export interface Signing {
  readonly application: Application;
  /** Of the application. */
  readonly secret: string;
  /** `{base}/as`. */
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * A `login_hint_token`: names a person to PingOne (docs/pingone.md §9). Whoever has one can begin a flow as
 * that person, so no client ever sees it.
 *
 * @param subject PingOne's id of the person
 */
export function hintToken(subject: string, signing: Signing): Promise<string> {
  return signed({ sub: subject, nbf: seconds(signing.now) - lifeSeconds }, signing);
}

/** A `request`: tells PingOne the person's address, where it would see only ours (docs/pingone.md §9). */
export function requestObject(address: string, signing: Signing): Promise<string> {
  return signed({ "pi.remoteIp": address }, signing);
}

/** A JWT, by HMAC with SHA-256 (RFC 7519 §7.1, RFC 7518 §3.2). */
function signed(claims: JWTPayload, { application, secret, issuer, now }: Signing): Promise<string> {
  const iat = seconds(now);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(application.clientId)
    .setAudience(issuer)
    .setIssuedAt(iat)
    .setExpirationTime(iat + lifeSeconds)
    .setJti(randomUUID())
    .sign(Buffer.from(secret));
}

function seconds(now: number): number {
  return Math.floor(now / 1_000);
}
