import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { RequestLine } from "../lib/log.ts";

const line: RequestLine = {
  requestId: "request-0001",
  flowId: "11111111-2222-4333-8444-555555555555",
  step: "otp",
  statusBefore: "OTP_REQUIRED",
  statusAfter: "COMPLETED",
  outcome: "view",
  httpStatus: 200,
  correlationId: "c-1",
  upstreamStatus: 200,
  claimMs: 4,
  upstreamMs: 5,
  commitMs: 6,
  totalMs: 16,
  coldStart: false,
};

/** What really goes to standard output, written by a process of its own. */
async function printed(written: object): Promise<Record<string, unknown>[]> {
  const script = `
    const { createRequestLog } = await import("./lib/log.ts");
    createRequestLog("test")(${JSON.stringify(written)});
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env: {},
  });
  return stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));
}

describe("the request log", () => {
  it("writes one line of JSON with the allowed members, whatever rides along", async () => {
    const lines = await printed({ ...line, password: "canary-secret", body: { otp: "canary-secret" } });
    // The line carries its metrics: a counter for the request, one for its outcome, and what CloudWatch is to read.
    const own = [...Object.keys(line), "_aws", "requests", "view"];
    for (const written of lines) {
      expect(JSON.stringify(written)).not.toContain("canary-secret");
    }
    const [first] = lines.filter((written) => written["message"] === "request");
    const frame = ["level", "message", "timestamp", "service", "environment", "sampling_rate"];
    expect(
      Object.keys(first ?? {})
        .filter((name) => !frame.includes(name))
        .sort(),
    ).toEqual(own.sort());
    expect(first).toMatchObject(line);
  });
});
