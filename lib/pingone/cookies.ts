import { parseSetCookie } from "cookie";
import type { Cookie } from "../flow/jar.ts";

const maxCookies = 20;
/** What a line may be in all, and name and value of it together. */
const maxLineLength = 4096;
const maxPairLength = 2048;
/**
 * What all cookies may come to as the JSON that is sealed: bytes. Whatever else a jar may hold comes to less than
 * 1280, or to 3100 with an authorization code, when no cookie is left: so no jar has more than 4096.
 */
const maxBytes = 2816;
/** The longest life a cookie may claim (RFC 6265bis §5.5): also keeps an absurd `Max-Age` a finite number. */
const maxLifeMs = 400 * 24 * 60 * 60 * 1000;

/** `cookie-name` and `cookie-value` (RFC 6265 §4.1.1): printable ASCII, and nothing that could end a cookie. */
const nameGrammar = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const valueGrammar = /^(?:[!#-+\--:<-[\]-~]*|"[!#-+\--:<-[\]-~]*")$/;

/** PingOne's session: without it there is no code at the end. */
const sessionName = "ST";

/**
 * The cookies after an answer: each line of `Set-Cookie` is taken by name, the newest wins, and what has expired
 * is dropped (RFC 6265 §5.3; docs/pingone.md §5). A name is judged by its grammar alone, and the attributes that only
 * a browser needs are not judged at all: every cookie came from PingOne's own host and goes back to it alone.
 *
 * The result is bounded: a line above 4096 characters, with more than 2048 in name and value, or that doesn't keep
 * to the grammar is ignored, as if it had not come; and of the cookies only the newest 20 that come to 2816 bytes of
 * JSON are kept: the session cookie is the last to go, and always fits.
 *
 * @param held the cookies before
 * @param lines the header's values, one a cookie, as they came over the wire
 * @param now epoch milliseconds
 */
export function mergeCookies(held: readonly Cookie[], lines: readonly string[], now: number): Cookie[] {
  const byName = new Map(held.map((cookie) => [cookie.name, cookie]));
  for (const line of lines) {
    const cookie = readLine(line, now);
    if (cookie === undefined) continue;
    // Deleted first, so that the newest stands last.
    byName.delete(cookie.name);
    if (isLive(cookie, now)) byName.set(cookie.name, cookie);
  }
  return bounded(sendable([...byName.values()], now));
}

/**
 * The value of the `Cookie` header (RFC 6265 §5.4), each value byte for byte as PingOne sent it;
 * nothing when no cookie is alive. Only printable ASCII, whatever is held.
 *
 * @param now epoch milliseconds
 */
export function cookieHeader(cookies: readonly Cookie[], now: number): string | undefined {
  const pairs = sendable(cookies, now).map(({ name, value }) => `${name}=${value}`);
  return pairs.length === 0 ? undefined : pairs.join("; ");
}

function readLine(line: string, now: number): Cookie | undefined {
  if (line.length > maxLineLength) {
    return undefined;
  }
  // Without an identity the library would undo percent-encoding, and the value would not go back as it came.
  const { name, value = "", maxAge, expires } = parseSetCookie(line, { decode: (text) => text });
  if (!isGrammatical({ name, value })) {
    return undefined;
  }
  const expiresAt = maxAge === undefined ? expires?.getTime() : now + maxAge * 1000;
  return expiresAt === undefined
    ? { name, value }
    : { name, value, expiresAt: Math.min(expiresAt, now + maxLifeMs) };
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

function bounded(cookies: readonly Cookie[]): Cookie[] {
  const session = cookies.filter(({ name }) => name === sessionName);
  const kept = new Set<Cookie>();
  let length = "[]".length;
  for (const cookie of [...session, ...cookies.toReversed()]) {
    const added = JSON.stringify(cookie).length + ",".length;
    if (!kept.has(cookie) && kept.size < maxCookies && length + added <= maxBytes) {
      kept.add(cookie);
      length += added;
    }
  }
  return cookies.filter((cookie) => kept.has(cookie));
}
