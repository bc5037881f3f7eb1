import { getDomain } from "tldts";

/** The settings that cookie delivery hangs on. */
export interface CookieSettings {
  readonly cookieDelivery: boolean;
  readonly allowedOrigins: readonly string[];
  readonly domain?: { readonly name: string; readonly basePath?: string | undefined } | undefined;
}

interface Need {
  readonly isMet: (settings: CookieSettings) => boolean;
  readonly sentence: string;
}

const needs: readonly Need[] = [
  {
    isMet: ({ domain }) => domain !== undefined,
    sentence: "Cookie delivery needs a custom domain: cookies of an AWS host are third-party cookies.",
  },
  {
    isMet: ({ domain }) => domain?.basePath === undefined,
    sentence: "Cookie delivery needs an empty base path: the cookie is for /flows/{flowId}.",
  },
  {
    isMet: ({ allowedOrigins }) => allowedOrigins.length > 0,
    sentence: "Cookie delivery needs an allowed origin: no other page gets a cookie.",
  },
  {
    isMet: ({ allowedOrigins }) => allowedOrigins.every((origin) => origin.startsWith("https://")),
    sentence: "Cookie delivery needs https origins: a page without TLS is on another site.",
  },
  {
    isMet: ({ allowedOrigins, domain }) =>
      domain === undefined ||
      allowedOrigins.every((origin) => isSameSite(URL.parse(origin)?.hostname ?? "", domain.name)),
    sentence:
      "Cookie delivery needs origins on the domain's own site: from another no browser sends the cookie.",
  },
];

/**
 * What keeps browsers from getting the flow token as a cookie and sending it back: one
 * sentence for each reason.
 */
export function cookieDeliveryFaults(settings: CookieSettings): string[] {
  if (!settings.cookieDelivery) return [];
  return needs.filter(({ isMet }) => !isMet(settings)).map(({ sentence }) => sentence);
}

/**
 * Whether two hosts have one registrable domain, by the Public Suffix List with its private part, as browsers
 * have it: everybody's page on a host such as github.io is a site of its own. An address has none, and a name
 * with a dot at its end is another site to a browser, though not to the list.
 *
 * https://html.spec.whatwg.org/multipage/browsers.html#same-site
 */
function isSameSite(host: string, other: string): boolean {
  const site = getDomain(host, { allowPrivateDomains: true });
  return site !== null && !host.endsWith(".") && site === getDomain(other, { allowPrivateDomains: true });
}
