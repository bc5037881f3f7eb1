import { describe, expect, it } from "vitest";
import { render } from "../../lib/http/reply.ts";
import { firewallsProblems, functionsProblems, gatewaysProblems } from "./every-problem.ts";

/**
 * What HTTP libraries do by themselves with a status, in the place of handing the reply on. A reply that
 * brings the next flow token may have none of these.
 */
const acted: Readonly<Record<number, string>> = {
  401: "asks for credentials; the JDK gives no body (RFC 9110 §15.5.2)",
  407: "asks for a proxy's credentials (RFC 9110 §15.5.8)",
  408: "browsers and Go send the request again (RFC 9110 §15.5.9)",
  411: "is sent again with a length (RFC 9110 §15.5.12)",
  417: "is sent again without Expect (RFC 9110 §15.5.18)",
  421: "is sent again over another connection (RFC 9110 §15.5.20)",
  425: "is sent again after the handshake (RFC 8470 §5.2)",
  426: "asks for another protocol (RFC 9110 §15.5.22)",
  428: "asks for conditions (RFC 6585 §3)",
  511: "opens a captive portal (RFC 6585 §6)",
};

describe("a problem with a time to wait for", () => {
  it.each([
    [0, "1"],
    [1, "1"],
    [7, "7"],
  ])("never says to come back at once: %s", (retryAfter, told) => {
    const reply = { kind: "problem", problem: { error: "rate-limited", retryAfter } } as const;
    const context = { requestId: "request-0001", success: 200, flowId: undefined, delivery: "body" } as const;
    expect(render({ reply }, context, 0).headers).toMatchObject({ "Retry-After": told });
  });
});

describe.each([
  ["the functions", functionsProblems],
  ["the gateway", gatewaysProblems],
  ["the firewall", firewallsProblems],
])("the problems of %s", (_, problems) => {
  it("have no status that an HTTP library acts on, nor one of a redirect", () => {
    const told = problems();
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ status }) => status < 400 || status in acted)).toEqual([]);
  });

  it("say their name in error and have no status of their own: that is always a flow's", () => {
    for (const { name, body } of problems()) {
      const problem: unknown = JSON.parse(body);
      expect([name, problem]).toEqual([name, expect.objectContaining({ error: expect.any(String) })]);
      expect([name, problem]).not.toEqual([name, expect.objectContaining({ status: expect.anything() })]);
      expect([name, problem]).not.toEqual([name, expect.objectContaining({ code: expect.anything() })]);
    }
  });
});
