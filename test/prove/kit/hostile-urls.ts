import type { Random } from "./random.ts";

/** Ports on this machine where a connection is a proof that a URL was used. */
export interface Canaries {
  readonly ports: readonly number[];
}

/** What a hostile URL may name for a host; each `port` is a canary's. */
function hostsAt(port: number, own: string): readonly string[] {
  return [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[::ffff:7f00:1]:${port}`,
    `2130706433:${port}`,
    `0177.0.0.1:${port}`,
    `0x7f.1:${port}`,
    `127.1:${port}`,
    `0:${port}`,
    `\u2460\u2461\u2466.0.0.1:${port}`,
    `127\u30020\u30020\u30021:${port}`,
    `user@127.0.0.1:${port}`,
    `user:secret@localhost:${port}`,
    `${own}@127.0.0.1:${port}`,
    `${own}#@127.0.0.1:${port}`,
    `${own}%2f@127.0.0.1:${port}`,
    `127.0.0.1:${port}\\@${own}`,
    `localhost.:${port}`,
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[fe80::1%25lo]",
    "169.254.170.2",
    "metadata.google.internal",
    "100.100.100.200",
    "auth.pingone.com",
    "auth.pingone.asia",
    "api.pingone.eu",
    "auth.pingone.eu.canary.example",
    "canary.example",
  ];
}

/** What comes around a host. */
const forms: readonly ((host: string, path: string) => string)[] = [
  (host, path) => `http://${host}${path}`,
  (host, path) => `https://${host}${path}`,
  (host, path) => `//${host}${path}`,
  (host, path) => `/\\${host}${path}`,
  (host, path) => `\\\\${host}${path}`,
  (host, path) => `http:${host}${path}`,
  (host, path) => `HTTP://${host}/..${path}`,
  (host, path) => `http://${host}/%2e%2e%2f..%5c..${path}`,
  (host, path) => `http://${host}${path}\r\nLocation: http://${host}/`,
  (host, path) => ` \thttp://${host}${path}`,
  (host, path) => `http://${host}${path}?next=http://${host}/#http://${host}/`,
  (host) => `../../../..//${host}`,
  (host) => `..%2f..%2f@${host}`,
  (host) => `@${host}`,
  (host) => `.${host}`,
  (host) => `:80@${host}`,
  (host) => `x\r\nHost: ${host}\r\n\r\nGET http://${host}/ HTTP/1.1`,
  (host) => `gopher://${host}/_GET%20/`,
  (host) => `file://${host}/etc/passwd`,
  (host) => `ws://${host}/`,
];

/**
 * So many different ones, in an order that chance decides: URLs, and what is meant to become a part of one.
 */
export function hostileUrls(
  random: Random,
  { ports }: Canaries,
  base: string,
  count: number,
): readonly string[] {
  const { host, pathname } = new URL(base);
  const all = ports.flatMap((port) =>
    hostsAt(port, host).flatMap((named) =>
      forms.map((form) => form(named, `${pathname}/as/resume?flowId=1`)),
    ),
  );
  const shuffled = [...new Set(all)].map((url) => ({ url, at: random.next() })).sort((a, b) => a.at - b.at);
  return shuffled.slice(0, count).map(({ url }) => url);
}
