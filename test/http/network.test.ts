import { describe, expect, it } from "vitest";
import { isGatewayEvent } from "../../lib/http/endpoint.ts";
import { networkOf } from "../../lib/http/network.ts";

/** The network of an event with this `identity`, whatever its headers say. */
function networkFor(identity: unknown): string {
  const headers = {
    "X-Forwarded-For": "203.0.113.9",
    Forwarded: "for=203.0.113.9",
    "X-Real-IP": "203.0.113.9",
  };
  const event: unknown = { httpMethod: "POST", headers, requestContext: { identity } };
  if (!isGatewayEvent(event)) throw new Error("This is no event of a gateway.");
  return networkOf(event);
}

describe("the network of a request", () => {
  it.each([
    ["an IPv4 address", "192.0.2.7", "192.0.2.7"],
    ["an IPv4 address in IPv6's form", "::ffff:192.0.2.7", "192.0.2.7"],
    ["the same, in hexadecimal", "::ffff:c000:207", "192.0.2.7"],
    ["an IPv6 address", "2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"],
    ["another of that network", "2001:DB8:1:2::1", "2001:db8:1:2::/64"],
    ["one of the next network", "2001:db8:1:3::1", "2001:db8:1:3::/64"],
    ["an IPv6 address with a zone", "fe80::1%eth0", "fe80:0:0:0::/64"],
    ["the shortest", "::", "0:0:0:0::/64"],
    ["loopback", "::1", "0:0:0:0::/64"],
    ["one with zeros in its network", "2001:db8::1:0:0:0:7", "2001:db8:0:1::/64"],
    ["an IPv4 address in the form that was given up", "::192.0.2.7", "0:0:0:0::/64"],
  ])("is, for %s, what one customer has at the least", (_, sourceIp, network) => {
    expect(networkFor({ sourceIp })).toBe(network);
  });

  it.each([
    ["no identity", undefined],
    ["no address", {}],
    ["null", { sourceIp: null }],
    ["a number", { sourceIp: 3_232_235_777 }],
    ["a name", { sourceIp: "test-invoke-source-ip" }],
    ["a list of addresses", { sourceIp: "192.0.2.7, 192.0.2.8" }],
    ["an empty text", { sourceIp: "" }],
  ])("is one and the same for %s", (_, identity) => {
    expect(networkFor(identity)).toBe("unknown");
  });
});
