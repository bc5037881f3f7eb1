import { parse } from "tldts";
import { hostFault } from "../../lib/addresses.ts";

/**
 * Who has a host of that name: anybody on the internet; those inside a company's network; or nobody but a
 * stand-in, since it is an address, this machine, or a reserved name.
 */
export type HostStanding = "public" | "internal" | "reserved";

/** RFC 2606 §2, RFC 6761 §6, RFC 7686, RFC 9476. A name below `localhost` is this machine. */
const reservedNames = /(?:^|\.)(?:alt|example|invalid|localdomain|localhost|onion|test)$/;

/** Services whose every name is an address that stands in it, or this machine: nobody's own. */
const addressNames =
  /(?:^|\.)(?:(?:nip|sslip|xip)\.io|(?:lvh|localtest|traefik|vcap)\.me|localho\.st|lacolhost\.com)$/;

/** Other names that hosts files have for this machine. */
const ownNames = /^(?:localhost[46]|ip6-(?:localhost|loopback)|broadcasthost|host\.docker\.internal)$/;

function isReserved(hostname: string): boolean {
  return [reservedNames, addressNames, ownNames].some((names) => names.test(hostname));
}

/**
 * The standing of a host. A public name is one below a suffix of the Public Suffix List. That tells a name of
 * the internet from one that only a resolver of ours knows (`pingone.internal`, `simulator`).
 *
 * @param hostname as `URL` gives it: then 2130706433, 0x7f.1 and 127.0.0.1 are one spelling
 */
export function standingOf(hostname: string): HostStanding {
  const { isIp, isIcann, isPrivate, domain } = parse(hostname, { allowPrivateDomains: true });
  if (hostFault(hostname) !== undefined || isIp || isReserved(hostname)) return "reserved";
  // home.arpa is in the list, and of homes (RFC 8375).
  const isListed = (isIcann || isPrivate) && domain !== null && !hostname.endsWith(".arpa");
  return isListed ? "public" : "internal";
}
