import { parseSetCookie } from "cookie";
import type { Cookie } from "../flow/jar.ts";
import { type CookiePlace, isOfUse, isSentTo, isSentToResume, scopeOf } from "./cookie-scope.ts";

const maxCookies = 20;
/** What a line may be in all, and name and value of it together. */
const maxLineLength = 4096;
const maxPairLength = 2048;
/**
 * What all cookies may come to as the JSON that is sealed: bytes. Whatever else a jar may hold comes to less
 * than 1280: so no jar has more than 4096.
 */
const maxBytes = 2816;
/**
 * The same beside an authorization code, which has 1026 at most. All else comes to less than 768 then, so
 * that the session cookie still has its place.
 */
const maxBytesBesideCode = 2302;
/** The longest life a cookie may claim (RFC 6265bis §5.5): also keeps an absurd `Max-Age` a finite number. */
const maxLifeMs = 400 * 24 * 60 * 60 * 1000;

/** `cookie-name` and `cookie-value` (RFC 6265 §4.1.1): printable ASCII, nothing that could end a cookie. */
const nameGrammar = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const valueGrammar = /^(?:[!#-+\--:<-[\]-~]*|"[!#-+\--:<-[\]-~]*")$/;

/** PingOne's session: without it there is no code at the end. */
const sessionName = "ST";

/**
 * The cookies after an answer: each line of `Set-Cookie` is taken by name, domain and path, the newest wins,
 * and what has expired is dropped (RFC 6265 §5.3; docs/pingone.md §5). A name is judged by its grammar alone,
 * and the attributes that only a browser needs are not judged at all: every cookie came from PingOne's own
 * host and goes back to it alone.
 *
 * The result is bounded: a line above 4096 characters, with more than 2048 in name and value, or that doesn't
 * keep to the grammar is ignored, as if it had not come; a cookie that would go with no request is not kept;
 * and of the others only the newest 20 that come to 2816 bytes of JSON are: the session cookie is the last to
 * go, and always fits.
 *
 * @param held the cookies before
 * @param lines the header's values, one a cookie, as they came over the wire
 * @param place the request that was answered
 * @param now epoch milliseconds
 */
export function mergeCookies(
  held: readonly Cookie[],
  lines: readonly string[],
  place: CookiePlace,
  now: number,
): Cookie[] {
  const byIdentity = new Map(held.map((cookie) => [identityOf(cookie), cookie]));
  for (const line of lines) {
    const cookie = readLine(line, place, now);
    if (cookie === undefined) continue;
    // Deleted first, so that the newest stands last.
    byIdentity.delete(identityOf(cookie));
    if (isLive(cookie, now)) byIdentity.set(identityOf(cookie), cookie);
  }
  const kept = sendable([...byIdentity.values()], now).filter((cookie) => isOfUse(cookie, place));
  return bounded(kept, place, maxBytes);
}

/** Those that have room beside an authorization code. @param place the request that was answered */
export function fittingBesideCode(cookies: readonly Cookie[], place: CookiePlace): Cookie[] {
  return bounded(cookies, place, maxBytesBesideCode);
}

/**
 * The value of the `Cookie` header for a request (RFC 6265 §5.4), those of the longest paths first and each
 * value byte for byte as PingOne sent it; nothing when no cookie is alive that goes with it. Only printable
 * ASCII, whatever is held.
 *
 * @param place the request
 * @param now epoch milliseconds
 */
export function cookieHeader(
  cookies: readonly Cookie[],
  place: CookiePlace,
  now: number,
): string | undefined {
  const pathLength = ({ path = place.base }: Cookie) => path.length;
  const pairs = sendable(cookies, now)
    .filter((cookie) => isSentTo(cookie, place))
    .toSorted((a, b) => pathLength(b) - pathLength(a))
    .map(({ name, value }) => `${name}=${value}`);
  return pairs.length === 0 ? undefined : pairs.join("; ");
}

function identityOf({ name, domain, path }: Cookie): string {
  return JSON.stringify([name, domain, path]);
}

function readLine(line: string, place: CookiePlace, now: number): Cookie | undefined {
  if (line.length > maxLineLength) return undefined;
  // Without an identity the library would undo percent-encoding, and the value would not go back as it came.
  const decode = (text: string) => text;
  const { name, value = "", maxAge, expires, ...told } = parseSetCookie(withDates(line), { decode });
  const scope = scopeOf(told, place);
  const expiresAt = maxAge === undefined ? expires?.getTime() : now + maxAge * 1000;
  const cookie = {
    name,
    value,
    ...(expiresAt === undefined ? {} : { expiresAt: Math.min(expiresAt, now + maxLifeMs) }),
    ...scope,
  };
  // What only ends a cookie is sent to nobody, so its value may be anything.
  const isFit = isGrammatical(isLive(cookie, now) ? cookie : { name, value: "" });
  return scope !== undefined && isFit ? cookie : undefined;
}

/**
 * A line without the `Expires` that are no date: one has a time of day (RFC 6265 §5.1.1). The library takes
 * `0` and `-1`, which some write for no end at all, for years that have passed.
 */
function withDates(line: string): string {
  return line.replace(/;[ \t]*expires[ \t]*=[^;]*/gi, (told) => (/\d:\d{1,2}:\d/.test(told) ? told : ""));
}

function isGrammatical({ name, value }: Cookie): boolean {
  return name.length + value.length <= maxPairLength && nameGrammar.test(name) && valueGrammar.test(value);
}

function isLive(cookie: Cookie, now: number): boolean {
  return cookie.expiresAt === undefined || cookie.expiresAt > now;
}

// A jar may have been sealed before there was a grammar.
function sendable(cookies: readonly Cookie[], now: number): Cookie[] {
  return cookies.filter((cookie) => isLive(cookie, now) && isGrammatical(cookie));
}

function bounded(cookies: readonly Cookie[], place: CookiePlace, mostBytes: number): Cookie[] {
  const isSession = (cookie: Cookie) => cookie.name === sessionName && isSentToResume(cookie, place);
  const newest = cookies.toReversed();
  const kept = new Set<Cookie>();
  let length = "[]".length;
  for (const cookie of [...newest.filter(isSession), ...newest]) {
    const added = Buffer.byteLength(JSON.stringify(cookie)) + ",".length;
    if (!kept.has(cookie) && kept.size < maxCookies && length + added <= mostBytes) {
      kept.add(cookie);
      length += added;
    }
  }
  return cookies.filter((cookie) => kept.has(cookie));
}
