import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
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
/** The shortest modulus that a signature is believed of: bits. */
const leastBits = 2_048;

/**
 * PingOne's id of a person. An application may map `sub` to another attribute, which its owner can change.
 */
const userId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The algorithms that PingOne signs by (RFC 7518 §3.3), with what Node calls their digests. */
const digests: ReadonlyMap<unknown, string> = new Map([
  ["RS256", "sha256"],
  ["RS384", "sha384"],
  ["RS512", "sha512"],
]);

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
    const token = partsOf(idToken);
    const digest = digests.get(token?.header.get("alg"));
    const kid = token?.header.get("kid");
    if (token === undefined || digest === undefined || typeof kid !== "string") return { kind: "refused" };
    // What is wrong anyway is no reason to look for a key.
    const claimed = claimedBy(token.claims, issue, Math.floor(clock.now() / 1_000));
    if (claimed === undefined) return { kind: "refused" };
    const key = await keyFor({ kid, alg: token.header.get("alg"), issuedAt: claimed.issuedAt });
    if (key.kind !== "found") return key;
    const isSigned = verify(digest, Buffer.from(token.input), key.key, token.signature);
    return isSigned ? { kind: "verified", subject: claimed.subject } : { kind: "refused" };
  };
}

type Members = ReadonlyMap<string, unknown>;

interface Parts {
  readonly header: Members;
  readonly claims: Members;
  readonly signature: Buffer;
  /** What was signed. */
  readonly input: string;
}

function partsOf(token: string): Parts | undefined {
  const [header = "", claims = "", signature = "", ...rest] = token.split(".");
  const [headerMembers, claimMembers] = [membersIn(header), membersIn(claims)];
  const bytes = bytesIn(signature);
  if (rest.length > 0 || headerMembers === undefined || claimMembers === undefined || bytes === undefined) {
    return undefined;
  }
  // RFC 7515 §4.1.11: an extension that has to be understood, and isn't.
  if (headerMembers.has("crit")) return undefined;
  return { header: headerMembers, claims: claimMembers, signature: bytes, input: `${header}.${claims}` };
}

function membersIn(part: string): Members | undefined {
  return membersOf(parseJson(bytesIn(part)?.toString("utf8") ?? ""));
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined;
}

/** Only the one spelling that the bytes have. */
function bytesIn(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : undefined;
}

/** What a token claims. */
interface Claimed {
  readonly subject: string;
  /** Epoch seconds, by PingOne's clock. */
  readonly issuedAt: number;
}

/** The person and the time, where all that the claims say is as it must be. @param now epoch seconds */
function claimedBy(claims: Members, { issuer, clientId }: IdTokenIssue, now: number): Claimed | undefined {
  const [iat, exp, sub] = [claims.get("iat"), claims.get("exp"), claims.get("sub")];
  if (claims.get("iss") !== issuer || !isFor(claims, clientId)) return undefined;
  if (typeof exp !== "number" || !(exp > now)) return undefined;
  if (typeof iat !== "number" || !(iat <= now + skew && iat >= now - longestAge)) return undefined;
  // Anything else PingOne would take for a user name, which may be somebody else's
  // (docs/pingone.md §9, row 3).
  return typeof sub === "string" && userId.test(sub) ? { subject: sub, issuedAt: iat } : undefined;
}

/** Where a token is for several, `azp` says whose it is. */
function isFor(claims: Members, clientId: string): boolean {
  const [aud, azp] = [claims.get("aud"), claims.get("azp")];
  if (azp !== undefined && azp !== clientId) return false;
  if (!Array.isArray(aud)) return aud === clientId;
  return aud.includes(clientId) && (aud.length === 1 || azp === clientId);
}

type KeyFound =
  | { readonly kind: "found"; readonly key: KeyObject }
  | Exclude<IdTokenReading, { kind: "verified" }>;

/** A key that a token names. */
interface KeyWanted {
  readonly kid: string;
  readonly alg: unknown;
  /** Epoch seconds. */
  readonly issuedAt: number;
}

/**
 * PingOne's keys, read when one is needed that isn't known, and not too often. Where nobody may look yet, only
 * a token from before the last look has certainly no key of PingOne's: so that whoever makes keys up can't have
 * a new one refused.
 */
function createKeys(readKeys: () => Promise<string | undefined>, clock: Clock) {
  let keys: readonly Members[] = [];
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
  const find = (kid: string, alg: unknown) =>
    clock.now() < keysUntil ? keys.find((key) => isKey(key, kid, alg)) : undefined;

  const withoutKey = (issuedAt: number): Exclude<KeyFound, { kind: "found" }> => {
    const now = clock.now();
    if (now >= keysUntil) return { kind: "unavailable" };
    if (issuedAt * 1_000 <= readAt) return { kind: "refused" };
    return { kind: "early", retryAfter: Math.max(1, Math.ceil((mayReadAt - now) / 1_000)) };
  };

  return async ({ kid, alg, issuedAt }: KeyWanted): Promise<KeyFound> => {
    if (find(kid, alg) === undefined && clock.now() >= mayReadAt) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
    }
    await reading;
    const jwk = find(kid, alg);
    if (jwk === undefined) return withoutKey(issuedAt);
    const key = publicKeyOf(jwk);
    return key === undefined ? { kind: "refused" } : { kind: "found", key };
  };
}

function keysIn(body: unknown): readonly Members[] | undefined {
  const keys = membersOf(body)?.get("keys");
  return Array.isArray(keys) ? keys.flatMap((key: unknown) => membersOf(key) ?? []) : undefined;
}

function isKey(key: Members, kid: string, alg: unknown): boolean {
  const [use, itsAlg] = [key.get("use") ?? "sig", key.get("alg") ?? alg];
  return key.get("kid") === kid && key.get("kty") === "RSA" && use === "sig" && itsAlg === alg;
}

function publicKeyOf(jwk: Members): KeyObject | undefined {
  const [n, e] = [jwk.get("n"), jwk.get("e")];
  if (typeof n !== "string" || typeof e !== "string") return undefined;
  const format: JsonWebKey = { kty: "RSA", n, e };
  try {
    const key = createPublicKey({ key: format, format: "jwk" });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) < leastBits ? undefined : key;
  } catch {
    return undefined;
  }
}
