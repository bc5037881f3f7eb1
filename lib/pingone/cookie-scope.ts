import type { Cookie } from "../flow/jar.ts";

/** A request that cookies come with, or go with. */
export interface CookiePlace {
  /** The request's host, as a URL has it. */
  readonly host: string;
  /** The request's path, as it is sent. */
  readonly path: string;
  /** The path that all requests to PingOne begin with. */
  readonly base: string;
}

/**
 * The place of a request.
 *
 * @param url of the request
 * @param baseUrl of PingOne
 */
export function placeOf(url: string, baseUrl: string): CookiePlace {
  const { hostname, pathname } = new URL(url);
  return { host: hostname, path: pathname, base: new URL(baseUrl).pathname };
}

/**
 * Which requests a cookie goes with. Without a domain: those to PingOne's own host. Without a path: all of
 * ours.
 */
export type CookieScope = Pick<Cookie, "domain" | "path">;

/**
 * The scope of a cookie that came with an answer (RFC 6265 §5.2.3, §5.2.4, §5.3); nothing where it must be
 * ignored. No list of public suffixes is asked: whatever came from this host goes back to this host alone.
 */
export function scopeOf(
  { domain = "", path = "" }: { readonly domain?: string | undefined; readonly path?: string | undefined },
  place: CookiePlace,
): CookieScope | undefined {
  const named = domain.replace(/^\./, "").toLowerCase();
  if (named !== "" && !domainMatches(place.host, named)) return undefined;
  const scope = path.startsWith("/") ? path : defaultPath(place.path);
  return {
    ...(named === "" || named === place.host ? {} : { domain: named }),
    ...(scope === place.base ? {} : { path: scope }),
  };
}

/**
 * Whether a cookie goes with a request (RFC 6265 §5.4). Every request is secure: https, or to this machine.
 */
export function isSentTo(cookie: CookieScope, { host, path, base }: CookiePlace): boolean {
  return (
    (cookie.domain === undefined || domainMatches(host, cookie.domain)) &&
    pathMatches(path, cookie.path ?? base)
  );
}

/** Whether the code is asked for with it (`GET {base}/as/resume`). */
export function isSentToResume(cookie: CookieScope, place: CookiePlace): boolean {
  return isSentTo(cookie, { ...place, path: `${trimmed(place.base)}/as/resume` });
}

/** Whether a flow with an id of PingOne's choice could be asked for with it, or the code. */
export function isOfUse(cookie: CookieScope, place: CookiePlace): boolean {
  const flows = `${trimmed(place.base)}/flows/`;
  return (
    isSentToResume(cookie, place) ||
    isSentTo(cookie, { ...place, path: flows }) ||
    (cookie.path ?? place.base).startsWith(flows)
  );
}

/** RFC 6265 §5.1.3. An address has no subdomains. */
function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^\[|^[\d.]+$/.test(host));
}

/** RFC 6265 §5.1.4. */
function pathMatches(path: string, of: string): boolean {
  return path === of || (path.startsWith(of) && (of.endsWith("/") || path[of.length] === "/"));
}

/** The path up to its last slash (RFC 6265 §5.1.4). */
function defaultPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}

function trimmed(base: string): string {
  return base === "/" ? "" : base;
}
