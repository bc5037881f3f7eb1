import type { APIGatewayProxyEvent } from "aws-lambda";
import ipaddr from "ipaddr.js";

/** Where the address is none, as in an event that somebody made up: one network for all of them. */
const nowhere = "unknown";

/** What an IPv6 network has of an address, since one customer is given that much at the least: bits. */
const prefixBits = 64;

/**
 * The network that a request comes from, as API Gateway itself saw it: an IPv4 address, or the first 64 bits of an IPv6
 * one. No header has a part in it: those are the sender's.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
 */
export function networkOf(event: APIGatewayProxyEvent): string {
  const sourceIp: unknown = event.requestContext.identity?.sourceIp;
  if (typeof sourceIp !== "string" || !ipaddr.isValid(sourceIp)) return nowhere;
  // An IPv4 address in IPv6's clothes is the IPv4 address.
  const address = ipaddr.process(sourceIp);
  if (address.kind() === "ipv4") return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${prefixBits}`)}/${prefixBits}`;
}
