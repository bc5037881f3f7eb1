import { describe, expect, it } from "vitest";
import { documentPath, readDocument } from "./document/file.ts";
import { type GivenReply, ReplyJudge } from "./replies/judge.ts";

const judge = new ReplyJudge(readDocument(documentPath));

const view = {
  flowId: "5a3c2f80-64a3-4e6e-9d2a-0a9c3c1f7b11",
  status: "OTP_REQUIRED",
  next: ["otp", "device"],
  expiresAt: "2026-11-22T10:15:28.250Z",
  expiresIn: 898,
  flowToken: "A".repeat(43),
};

const problem = {
  type: "urn:problem:sign-on:otp-rejected",
  title: "The one-time passcode was rejected",
  detail: "The code is wrong.",
  instance: "/requests/0c7e2f80",
  error: "otp-rejected",
  flowEnded: false,
  retryable: false,
  attemptCounted: true,
  requestId: "0c7e2f80",
  flow: view,
};

function reply(given: Partial<Omit<GivenReply, "body">> & { readonly body?: unknown } = {}): GivenReply {
  const { body = view, ...rest } = given;
  return {
    ...{ method: "POST", path: "/flows/{flowId}/otp", status: 200 },
    headers: { "X-Request-Id": "0c7e2f80", "content-type": "application/json" },
    ...rest,
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

const asProblem = { "x-request-id": "0c7e2f80", "Content-Type": "application/problem+json" };
const rejected = { status: 422, headers: asProblem, body: problem };

describe("a reply that the document describes", () => {
  it.each<[string, GivenReply]>([
    ["a view", reply()],
    ["a problem with its flow", reply(rejected)],
    ["nothing", reply({ method: "DELETE", path: "/flows/{flowId}", status: 204, body: "" })],
  ])("has no fault: %s", (_, given) => {
    expect(judge.faultsOf(given)).toEqual([]);
  });
});

describe("a reply that the document doesn't describe", () => {
  it.each<[string, Parameters<typeof reply>[0], string]>([
    ["a method", { method: "PUT" }, "PUT /flows/{flowId}/otp 200: the document has no such operation"],
    ["a status", { status: 202 }, "POST /flows/{flowId}/otp 202: the document has no such status"],
    ["a member too many", { body: { ...view, cookie: "ST" } }, "must NOT have additional properties"],
    ["a member too few", { body: { ...view, expiresIn: undefined } }, "required property 'expiresIn'"],
    ["a member of another kind", { body: { ...view, expiresIn: 8.5 } }, "/expiresIn must be integer"],
    ["a step that there isn't", { body: { ...view, next: ["poll"] } }, "must be equal to one of the allowed"],
    ["a time of another form", { body: { ...view, expiresAt: "soon" } }, 'must match format "date-time"'],
    ["a media type", { headers: asProblem }, "Content-Type is application/problem+json"],
    ["no request id", { headers: { "content-type": "application/json" } }, "there is no X-Request-Id"],
    ["half a body", { body: '{"flowId":' }, "the body is no JSON"],
    ["a problem of another status", { ...rejected, status: 409 }, "must be equal to constant"],
    [
      "a member of another problem",
      { ...rejected, body: { ...problem, failure: "MFA_DISABLED" } },
      "must NOT have additional properties",
    ],
    [
      "a wait of no time",
      { ...rejected, headers: { ...asProblem, "Retry-After": "0" } },
      "Retry-After must be >= 1",
    ],
    [
      "a wait until a day",
      { ...rejected, headers: { ...asProblem, "Retry-After": "Mon" } },
      "must be integer",
    ],
    [
      "a body where there is none",
      { method: "DELETE", path: "/flows/{flowId}", status: 204 },
      "DELETE /flows/{flowId} 204: there is a body",
    ],
    [
      "a function's problem where no route is",
      { ...rejected, path: "" },
      "POST (no route) 422: the document has no such status",
    ],
  ])("has a fault: %s", (_, given, fault) => {
    expect(judge.faultsOf(reply(given)).join("\n")).toContain(fault);
  });
});
