import { parseSetCookie } from "cookie";
import type { Cookie } from "../flow/ports.ts";

const maxCookies = 20;
const maxLineLength = 4096;
const maxHeaderLength = 8192;
/** The longest life a cookie may claim (RFC 6265bis §5.5): also keeps an absurd `Max-Age` a finite number. */
const maxLifeMs = 400 * 24 * 60 * 60 * 1000;

/** What a header line can carry back; anything else would make the next call throw. */
const sendable = /^[\t -~\u0080-\u00ff]*$/;

/**
 * The cookies after an answer: each line of `Set-Cookie` is taken by name, the newest wins, and what has expired
 * is dropped (RFC 6265 §5.3; reference §5). Names are never judged, and neither are the attributes that only
 * a browser needs: every cookie came from PingOne's own host and goes back to it alone.
 *
 * The result is bounded: a line above 4096 characters or without a name is ignored, and of the cookies only the
 * newest 20 that fit a header of 8192 characters are kept: the session cookie comes last of all.
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
  return bounded(live([...byName.values()], now));
}

/**
 * The value of the `Cookie` header (RFC 6265 §5.4), each value byte for byte as PingOne sent it;
 * nothing when no cookie is alive.
 *
 * @param now epoch milliseconds
 */
export function cookieHeader(cookies: readonly Cookie[], now: number): string | undefined {
  const pairs = live(cookies, now).map(({ name, value }) => `${name}=${value}`);
  return pairs.length === 0 ? undefined : pairs.join("; ");
}

function readLine(line: string, now: number): Cookie | undefined {
  if (line.length > maxLineLength || !sendable.test(line)) {
    return undefined;
  }
  // Without an identity the library would undo percent-encoding, and the value would not go back as it came.
  const { name, value, maxAge, expires } = parseSetCookie(line, { decode: (text) => text });
  if (name === "" || value === undefined) {
    return undefined;
  }
  const expiresAt = maxAge === undefined ? expires?.getTime() : now + maxAge * 1000;
  return expiresAt === undefined
    ? { name, value }
    : { name, value, expiresAt: Math.min(expiresAt, now + maxLifeMs) };
}

function isLive(cookie: Cookie, now: number): boolean {
  return cookie.expiresAt === undefined || cookie.expiresAt > now;
}

function live(cookies: readonly Cookie[], now: number): Cookie[] {
  return cookies.filter((cookie) => isLive(cookie, now));
}

function bounded(cookies: readonly Cookie[]): Cookie[] {
  let length = 0;
  const fitting = cookies.toReversed().filter(({ name, value }) => {
    const added = name.length + value.length + "=; ".length;
    const fits = length + added <= maxHeaderLength;
    length += fits ? added : 0;
    return fits;
  });
  return fitting.slice(0, maxCookies).reverse();
}
