/** Our own name and version (RFC 9110 §10.1.5), for requests that nobody's device is named in. */
export const ownUserAgent = "pingone-flow-functions/0.1.0";

/** How PingOne is reached. */
export interface PingOneSettings {
  /**
   * `https://auth.pingone.eu/{envID}`, or a custom domain without the environment id (docs/pingone.md §1.1);
   * {@link baseUrlFault} says what it may look like.
   */
  readonly baseUrl: string;
  /** What one call may take from connecting to the last byte: milliseconds. */
  readonly timeoutMs: number;
  /** Whether PingOne is told the `User-Agent` of the person's device, in the place of our own. */
  readonly forwardUserAgent: boolean;
  /** Whether PingOne is told the `Accept-Language` of the person's device. */
  readonly forwardAcceptLanguage: boolean;
}

interface Rule {
  readonly broken: (url: URL, text: string) => boolean;
  readonly fault: string;
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const environmentPath = /^\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const rules: readonly Rule[] = [
  {
    broken: (url) => !/^https?:$/.test(url.protocol),
    fault: "The PingOne base URL must use https.",
  },
  {
    broken: (url) => url.username !== "" || url.password !== "",
    fault: "The PingOne base URL must not contain credentials.",
  },
  {
    broken: (_url, text) => /[?#]/.test(text),
    fault: "The PingOne base URL must not have a query or a fragment.",
  },
  {
    broken: (_url, text) => text.endsWith("/"),
    fault: "The PingOne base URL must not end in a slash.",
  },
  {
    broken: (url) => url.pathname.split("/").includes("v1"),
    fault: "The PingOne base URL must not contain /v1: the authentication host has no version in its paths.",
  },
  {
    broken: (url) => url.pathname.endsWith("/as"),
    fault: "The PingOne base URL must not end in /as: leave out everything after the environment id.",
  },
  {
    broken: (url) => /^api\.pingone\./.test(url.hostname),
    fault: "The PingOne base URL must be of the authentication host, not of the management API.",
  },
  {
    broken: (url) => url.pathname.includes("//"),
    fault: "The PingOne base URL must not have an empty path segment.",
  },
  {
    // A URL parser forgives blanks, backslashes and dot segments, which people take for something else.
    broken: (url, text) => url.href.replace(/\/$/, "") !== text,
    fault:
      "The PingOne base URL must be in its plain form: lower-case host, no default port, blanks or dot segments.",
  },
  {
    broken: (url) => /^auth\.pingone\./.test(url.hostname) && !environmentPath.test(url.pathname),
    fault:
      "The PingOne base URL must end in the environment id, a UUID, and nothing else, on PingOne's own host.",
  },
];

/**
 * What is wrong with a base URL by itself, in one sentence that never repeats the value; nothing when it can
 * be used, if it isn't {@link isPlainHttp}.
 *
 * The `/v1` that some pages show on the authentication host is a slip of theirs (docs/pingone.md §1.2).
 */
export function baseUrlFault(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null) return "The PingOne base URL must be an absolute URL.";
  return rules.find((rule) => rule.broken(parsed, url))?.fault;
}

/**
 * Whether a base URL has everybody on the way read what is sent: http to another machine.
 *
 * @param taken the one host beside loopback that http is taken for; empty for none
 */
export function isPlainHttp(url: string, taken: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol !== "https:" && !loopback.test(hostname) && hostname !== taken;
}
