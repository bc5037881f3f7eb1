import { isIP, isIPv4 } from "node:net";
import type { APIGatewayProxyEvent } from "aws-lambda";

/** Where the address is none, as in an event that somebody made up: one network for all of them. */
const nowhere = "unknown";

/** What a network has of an IPv6 address, in groups of 16 bits: /64, the least that one customer is given. */
const prefixGroups = 4;

/** RFC 4291 §2.5.5.2: what stands before an IPv4 address in IPv6's form. */
const mapped = "0:0:0:0:0:ffff";

/** The address that a request comes from, as API Gateway itself saw it; no header has a part in it. */
export function addressOf(event: APIGatewayProxyEvent): string | undefined {
  const sourceIp: unknown = event.requestContext.identity?.sourceIp;
  return typeof sourceIp === "string" && isIP(sourceIp) !== 0 ? sourceIp : undefined;
}

/**
 * The network that a request comes from, as API Gateway itself saw it: an IPv4 address, or the first 64 bits
 * of an IPv6 one. No header has a part in it: those are the sender's.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
 */
export function networkOf(event: APIGatewayProxyEvent): string {
  const address = addressOf(event);
  if (address === undefined) return nowhere;
  return isIPv4(address) ? address : networkOfIPv6(address);
}

function networkOfIPv6(address: string): string {
  const groups = groupsOf(address);
  const rest = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return groups.slice(0, 6).join(":") === mapped
    ? rest.flatMap((group) => [group >> 8, group & 0xff]).join(".")
    : `${groups.slice(0, prefixGroups).join(":")}::/${prefixGroups * 16}`;
}

/**
 * All eight groups of an address. A URL has one spelling for each (WHATWG URL §3.5), save for
 * the zeros left out.
 */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*/, "")}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail];
}
