import { describe, expect, it } from "vitest";
import type { RecordedCall } from "../simulator/calls.ts";
import { judgeHeads } from "./upstream-heads.ts";

const headers = { host: "localhost", "user-agent": "App/1.0", "accept-encoding": "identity" };

function call(overrides: Partial<RecordedCall> = {}): RecordedCall {
  const about = { at: 0, method: "GET", path: "/", query: "", action: "read", remotePort: 1, status: 200 };
  return { ...about, headers, cookies: {}, body: "", ...overrides };
}

function told(overrides: Readonly<Record<string, string>>, action = "read"): () => void {
  return () => judgeHeads([call(), call({ action, headers: { ...headers, ...overrides } }), call()]);
}

describe("the look at every request's head", () => {
  it("finds nothing where all is well, and asks nothing of a client's own requests", () => {
    for (const headers of [{}, { cookie: "x".repeat(6_050) }]) expect(told(headers)).not.toThrow();
    expect(told({ "user-agent": "", "accept-encoding": "gzip" }, "token")).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ["read names nobody", { "user-agent": "" }],
    ["read names nobody", { "user-agent": "x".repeat(257) }],
    ["read names nobody", { "user-agent": "caf\u00e9" }],
    ["read asks for a coding", { "accept-encoding": "gzip, identity" }],
    ["read asks for a coding", { "accept-encoding": "" }],
    ["read has 6144 bytes of headers", { cookie: "x".repeat(6_051) }],
  ])("says that %s", (message, overrides) => {
    expect(told(overrides)).toThrow(message);
  });
});
