import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import type { Clock } from "../flow/clock.ts";
import type { IdTokenReading } from "../flow/provider.ts";
import { parseJson } from "./flow-body.ts";

/** How old an ID token may be that stands for its person: seconds. */
const longestAge = 5 * 60;
/** By how much PingOne's clock may be ahead of ours: seconds. */
const skew = 60;
/**
 * An unknown key is looked for so often; where there are none, or old ones alone, more often: milliseconds.
 */
const keysPauseMs = 60_000;
const firstKeysPauseMs = 1_000;
/** How long keys are taken for PingOne's: milliseconds. */
const keysLifeMs = 10 * 60_000;
/**
 * PingOne's id of a person. An application may map `sub` to another attribute, which its owner can change.
 */
const userId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The algorithms that PingOne signs by (RFC 7518 §3.3). */
const algorithms = ["RS256", "RS384", "RS512"];

/** Whose ID tokens are believed. */
interface IdTokenIssue {
  /** `{base}/as`. */
  readonly issuer: string;
  readonly clientId: string;
}

/** Tells whose an ID token is. */
export type ReadIdToken = (idToken: string, issue: IdTokenIssue) => Promise<IdTokenReading>;

/**
 * Verifies ID tokens (OpenID Connect Core §3.1.3.7): signature by one of PingOne's keys, issuer, audience,
 * expiry, and an issue at most five minutes ago.
 *
 * @param readKeys PingOne's JWKS as text; nothing where it can't be had
 */
export function createIdTokens(readKeys: () => Promise<string | undefined>, clock: Clock): ReadIdToken {
  const keyFor = createKeys(readKeys, clock);
  return async (idToken, issue) => {
    if (!isCanonical(idToken)) return { kind: "refused" };
    try {
      return await verified(idToken, issue, { keyFor, now: clock.now() });
    } catch (error) {
      if (error instanceof KeyAwaited) return { kind: "early", retryAfter: error.retryAfter };
      return { kind: error instanceof KeysUnavailable ? "unavailable" : "refused" };
    }
  };
}

/** @throws an error for a token that is not as it must be, or where its key can't be had */
async function verified(
  idToken: string,
  { issuer, clientId }: IdTokenIssue,
  { keyFor, now }: { readonly keyFor: KeyFor; readonly now: number },
): Promise<IdTokenReading> {
  const { iss, aud, iat = 0 } = decodeJwt(idToken);
  // What is meant for others is no reason to look for a key.
  if (iss !== issuer || ![aud].flat().includes(clientId)) return { kind: "refused" };
  const tolerated = {
    clockTolerance: skew,
    // An age is tolerated by the skew as well.
    maxTokenAge: longestAge - skew,
    currentDate: new Date(now),
  };
  const expected = { issuer, audience: clientId, algorithms, requiredClaims: ["exp", "sub"] };
  const { payload } = await jwtVerify(idToken, keyFor(iat), { ...expected, ...tolerated });
  const { sub = "", exp = 0 } = payload;
  const isMeant = isFor(payload, clientId) && userId.test(sub) && exp > Math.floor(now / 1_000);
  return isMeant ? { kind: "verified", subject: sub } : { kind: "refused" };
}

/** Each part in the only spelling that its bytes have, so that no other text is the same token. */
function isCanonical(token: string): boolean {
  return token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
}

/** Where a token is for several, `azp` says whose it is. */
function isFor({ aud, azp }: Readonly<Record<string, unknown>>, clientId: string): boolean {
  if (azp !== undefined && azp !== clientId) return false;
  return !Array.isArray(aud) || aud.length === 1 || azp === clientId;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** There is no key of PingOne's to verify by. */
class KeysUnavailable extends Error {}

/** A key may have been made since PingOne's were read, and nobody may look yet. */
class KeyAwaited extends Error {
  /** Seconds. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super();
    this.retryAfter = retryAfter;
  }
}

/** Finds the key of a token. @param issuedAt when it says that it was issued: epoch seconds */
type KeyFor = (issuedAt: number) => JWTVerifyGetKey;

/**
 * PingOne's keys, read when one is needed that isn't known, and not too often. Where nobody may look yet,
 * only a token from before the last look has certainly no key of PingOne's: so whoever makes keys up can't
 * have the tokens of a new one refused.
 */
function createKeys(readKeys: () => Promise<string | undefined>, clock: Clock): KeyFor {
  let keys: KeySet | undefined;
  let keysUntil = 0;
  let readAt = 0;
  let mayReadAt = 0;
  let reading: Promise<void> | undefined;

  const read = async () => {
    const askedAt = clock.now();
    mayReadAt = askedAt + (askedAt < keysUntil ? keysPauseMs : firstKeysPauseMs);
    const found = keysIn(parseJson((await readKeys()) ?? ""));
    if (found === undefined) return;
    keys = found;
    readAt = askedAt;
    keysUntil = clock.now() + keysLifeMs;
    mayReadAt = clock.now() + keysPauseMs;
  };
  const find = async (...wanted: Parameters<KeySet>) => {
    if (keys === undefined || !(clock.now() < keysUntil)) throw new KeysUnavailable();
    return keys(...wanted);
  };

  const newerThan = (issuedAt: number) => {
    const waitMs = mayReadAt - clock.now();
    return issuedAt * 1_000 > readAt ? new KeyAwaited(Math.max(1, Math.ceil(waitMs / 1_000))) : undefined;
  };

  return (issuedAt) => async (header, token) => {
    if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
    const known = await find(header, token).catch(() => undefined);
    if (known !== undefined) return known;
    if (clock.now() >= mayReadAt) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
    }
    await reading;
    return find(header, token).catch((error) => {
      throw error instanceof errors.JWKSNoMatchingKey ? (newerThan(issuedAt) ?? error) : error;
    });
  };
}

function keysIn(body: unknown): KeySet | undefined {
  return isKeySet(body) ? createLocalJWKSet(body) : undefined;
}

function isKeySet(body: unknown): body is JSONWebKeySet {
  if (typeof body !== "object" || body === null || !("keys" in body)) return false;
  return Array.isArray(body.keys) && body.keys.every((key) => typeof key === "object" && key !== null);
}
