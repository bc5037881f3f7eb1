import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import {
  correlationIdIn,
  errorNameIn,
  flowIdIn,
  requestIdIn,
  stackLineIn,
  statusIn,
} from "../lib/flow/log-text.ts";
import { failureOf, type RequestLine, requestIdOf } from "../lib/log.ts";

const line: RequestLine = {
  requestId: requestIdOf("request-0001"),
  flowId: flowIdIn("11111111-2222-4333-8444-555555555555"),
  step: "otp",
  statusBefore: statusIn("OTP_REQUIRED"),
  statusAfter: statusIn("COMPLETED"),
  outcome: "view",
  httpStatus: 200,
  correlationId: correlationIdIn("5d1e3c0a-2f6f-1d0a-9e10-7a434f4e9d55"),
  upstreamStatus: 200,
  claimMs: 4,
  upstreamMs: 5,
  commitMs: 6,
  totalMs: 16,
  coldStart: false,
};

/** What really goes to standard output, written by a process of its own. */
async function printed(written: object, env: NodeJS.ProcessEnv = {}): Promise<Record<string, unknown>[]> {
  const script = `
    const { createRequestLog } = await import("./lib/log.ts");
    createRequestLog("test")(${JSON.stringify(written)});
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  return stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));
}

/** All that Lambda sets for the logger's own features, each as talkative as it gets. */
const talkative = {
  AWS_LAMBDA_LOG_LEVEL: "DEBUG",
  POWERTOOLS_LOG_LEVEL: "DEBUG",
  POWERTOOLS_LOGGER_LOG_EVENT: "true",
  POWERTOOLS_LOGGER_SAMPLE_RATE: "1",
  POWERTOOLS_SERVICE_NAME: "canary-secret",
  _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
};

describe("the request log", () => {
  it.each([
    ["", {}, []],
    [" where Lambda is told to say all it can", talkative, []],
  ])("writes one line of JSON with the allowed members, whatever rides along%s", async (_, env, more) => {
    const lines = await printed({ ...line, password: "canary-secret", body: { otp: "canary-secret" } }, env);
    // The line carries its metrics: a counter for the request, one for its outcome, and what
    // CloudWatch is to read.
    const own = [...Object.keys(line), "_aws", "requests", "view"];
    for (const written of lines) {
      expect(JSON.stringify(written)).not.toContain("canary-secret");
    }
    const [first] = lines.filter((written) => written["message"] === "request");
    const frame = ["level", "message", "timestamp", "service", "environment", "sampling_rate", ...more];
    expect(
      Object.keys(first ?? {})
        .filter((name) => !frame.includes(name))
        .sort(),
    ).toEqual(own.sort());
    expect(first).toMatchObject(line);
  });
});

/** Whether a member may be given a value of the other type. */
type Takes<Member, Given> = Given extends Member ? true : false;

describe("a log line", () => {
  const token = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";

  it("has no member that takes text which nobody has checked", () => {
    type Failure = NonNullable<RequestLine["error"]>;
    type FlowIdText = "11111111-2222-4333-8444-555555555555";
    // Each has to be what the compiler finds: a member that takes the text makes its `false`
    // an error of `tsc`.
    const taken: {
      readonly requestId: Takes<RequestLine["requestId"], string>;
      readonly flowIdBeItTheRightOne: Takes<RequestLine["flowId"], FlowIdText>;
      readonly step: Takes<RequestLine["step"], string>;
      readonly statusBefore: Takes<RequestLine["statusBefore"], string>;
      readonly statusAfter: Takes<RequestLine["statusAfter"], string>;
      readonly outcome: Takes<RequestLine["outcome"], string>;
      readonly correlationId: Takes<RequestLine["correlationId"], string>;
      readonly whatWasCheckedToBeSomethingElse: Takes<RequestLine["correlationId"], RequestLine["requestId"]>;
      readonly errorName: Takes<Failure["name"], string>;
      readonly errorAt: Takes<Failure["at"], string[]>;
      readonly anyOtherMember: Takes<keyof RequestLine, "body">;
    } = {
      requestId: false,
      flowIdBeItTheRightOne: false,
      step: false,
      statusBefore: false,
      statusAfter: false,
      outcome: false,
      correlationId: false,
      whatWasCheckedToBeSomethingElse: false,
      errorName: false,
      errorAt: false,
      anyOtherMember: false,
    };
    expect(Object.values(taken)).toEqual(Array.from({ length: 11 }, () => false));
  });

  it.each([
    ["a flow token", token],
    ["a passcode of eight digits", "12345678"],
    ["a passcode of ten digits", "1234567890"],
    ["a mail address", "ann@example.com"],
    ["a cookie", "ST=5e0967f4-aba0-479c-86cf-fb5fe5b804d6"],
    ["a header", `Bearer ${token}`],
    ["a token under KMS", "AQICAHh+".repeat(31)],
    ["nothing", ""],
    ["two lines", "request-0001\nrequest-0002"],
  ])("has no place for %s", (_, secret) => {
    const checks = [requestIdIn, flowIdIn, correlationIdIn, statusIn, errorNameIn, stackLineIn];
    expect(checks.map((check) => check(secret))).toEqual(checks.map(() => undefined));
    expect(requestIdOf(secret, undefined)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    "5d1e3c0a-2f6f-4d0a-9e10-7a434f4e9d55",
    "1-5759e988-bd862e3fe1be46a994272793",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "Root-1-67891233.abc_def",
    "12345678901",
  ])("has one for the request id %s", (id) => {
    expect(requestIdOf(id)).toBe(id);
    expect(requestIdOf("short", id)).toBe(id);
  });

  it("tells of an error its class and where it was thrown, and nothing that somebody named", () => {
    const cause = new TypeError(`canary-secret\n    at ${token}\nat once (canary secret:1:1)`);
    const told = failureOf(cause);
    expect(told.name).toBe("TypeError");
    expect(told.at[0]).toMatch(/log\.test\.ts:\d+:\d+\)?$/);
    cause.message = "changed";
    cause.name = "canary-secret";
    const later = failureOf(cause);
    expect(later.name).toBeUndefined();
    for (const one of [told, later]) {
      expect(JSON.stringify(one)).not.toMatch(/canary/);
      expect(JSON.stringify(one)).not.toContain(token);
    }
  });
});
