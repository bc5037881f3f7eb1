import { describe, expect, it } from "vitest";
import { readExchange } from "../../lib/pingone/responses.ts";
import { resumeCall } from "../../lib/pingone/resume.ts";
import type { HttpAnswer } from "../../lib/pingone/send.ts";
import { answered, failure, flowBody, ourNow } from "./answers.ts";

const web = "https://app.example/cb";

function resumed(reply: HttpAnswer, redirectUri = web, baseUrl = "https://auth.example/env") {
  return readExchange(reply, resumeCall({ state: "st-1", redirectUri, baseUrl }), ourNow);
}

function redirect(location: string, status = 302): HttpAnswer {
  return answered(status, "", { location });
}

describe("resume answered with a body", () => {
  const completed = (authorizeResponse: unknown) =>
    answered(200, flowBody({ status: "COMPLETED", authorizeResponse }));

  it("gives the code, and the flow's latest id", () => {
    expect(resumed(completed({ code: "c-1", state: "st-1" }))).toStrictEqual({
      answer: { kind: "authorized", code: "c-1" },
      upstreamFlowId: "f-1",
    });
  });

  it("gives the code without a flow around it", () => {
    expect(resumed(answered(200, { authorizeResponse: { code: "c-1", state: "st-1" } }))).toStrictEqual({
      answer: { kind: "authorized", code: "c-1" },
    });
  });

  it.each([
    { code: "c-1", state: "st-2" },
    { code: "c-1", state: "st-1x" },
    { code: "c-1", state: "" },
    { code: "c-1" },
    { code: "c-1", state: ["st-1"] },
    { error: "access_denied", state: "st-1" },
    { code: "c-1", state: "st-1", error: "access_denied" },
  ])("is denied with %o", (authorizeResponse) => {
    expect(resumed(completed(authorizeResponse)).answer).toStrictEqual({ kind: "denied" });
  });

  it.each([{}, { code: "" }, { code: "x".repeat(1025) }, { code: 7 }, { code: null }])(
    "is doubtful when the code is missing or no code",
    (response) => {
      expect(resumed(completed({ ...response, state: "st-1" })).answer).toStrictEqual({ kind: "doubtful" });
    },
  );

  it("takes a code of 1024 characters", () => {
    const code = "x".repeat(1024);
    expect(resumed(completed({ code, state: "st-1" })).answer).toStrictEqual({ kind: "authorized", code });
  });

  it("is denied when the flow has failed", () => {
    expect(resumed(answered(200, flowBody({ status: "FAILED" }))).answer).toStrictEqual({ kind: "denied" });
  });

  it.each([flowBody(), flowBody({ status: "COMPLETED" }), "<html>", {}])(
    "is doubtful at any other body",
    (body) => {
      expect(resumed(answered(200, body)).answer).toStrictEqual({ kind: "doubtful" });
    },
  );
});

describe("resume answered with a redirect", () => {
  it.each([302, 303])("takes the code from a %i", (status) => {
    expect(resumed(redirect(`${web}?code=a%2Bb&state=st-1`, status))).toStrictEqual({
      answer: { kind: "authorized", code: "a+b" },
    });
  });

  it.each([
    ["com.example.app:/cb", "com.example.app:/cb?state=st-1&code=c-1"],
    ["com.example.app://cb", "com.example.app://cb?code=c-1&state=st-1"],
    ["com.example.app://cb/path", "com.example.app://cb/path?code=c-1&state=st-1"],
    ["http://127.0.0.1:4000/cb", "http://127.0.0.1:4000/cb?code=c-1&state=st-1"],
    ["https://app.example", "https://app.example/?code=c-1&state=st-1"],
    ["https://app.example/cb?tenant=1", "https://app.example/cb?tenant=1&code=c-1&state=st-1"],
    ["https://auth.example/done", "/done?code=c-1&state=st-1"],
  ])("knows %s in %s", (redirectUri, location) => {
    expect(resumed(redirect(location), redirectUri).answer).toStrictEqual({
      kind: "authorized",
      code: "c-1",
    });
  });

  it.each([
    [web, "/env/signon/?error=%7B%22code%22%3A%22x%22%7D&flowId=f-1"],
    [web, "https://apps.pingone.eu/env/signon/?flowId=f-1"],
    [web, "https://app.example/cb2?code=c-1&state=st-1"],
    [web, "https://app.example/?code=c-1&state=st-1"],
    [web, "https://app.example:8443/cb?code=c-1&state=st-1"],
    [web, "http://app.example/cb?code=c-1&state=st-1"],
    [web, "https://app.example.evil.example/cb?code=c-1&state=st-1"],
    [web, "https://app.example@evil.example/cb?code=c-1&state=st-1"],
    [web, "//evil.example/cb?code=c-1&state=st-1"],
    ["com.example.app:/cb", "com.example.other:/cb?code=c-1&state=st-1"],
    ["com.example.app:/cb", "com.example.app:/other?code=c-1&state=st-1"],
    ["com.example.app://cb", "com.example.app://other?code=c-1&state=st-1"],
    ["https://app.example/cb?tenant=1", "https://app.example/cb?tenant=2&code=c-1&state=st-1"],
  ])("means signed out when %s was due and %s came", (redirectUri, location) => {
    expect(resumed(redirect(location), redirectUri)).toStrictEqual({ answer: { kind: "signed-out" } });
  });

  it.each([
    "code=c-1",
    "code=c-1&state=",
    "code=c-1&state=st-2",
    "code=c-1&state=st-1&state=st-1",
    "error=access_denied&error_description=no&state=st-1",
    "error=access_denied",
    "error=&code=c-1&state=st-1",
  ])("is denied at %s", (query) => {
    expect(resumed(redirect(`${web}?${query}`)).answer).toStrictEqual({ kind: "denied" });
  });

  it.each([
    "state=st-1",
    "code=&state=st-1",
    "code=1&code=2&state=st-1",
    `code=${"x".repeat(1025)}&state=st-1`,
  ])("is doubtful without one code", (query) => {
    expect(resumed(redirect(`${web}?${query}`)).answer).toStrictEqual({ kind: "doubtful" });
  });

  it("is doubtful without a readable Location, and at other redirects", () => {
    const replies = [answered(302, ""), redirect("https://["), redirect(`${web}?code=c-1&state=st-1`, 307)];
    for (const reply of replies) {
      expect(resumed(reply).answer).toStrictEqual({ kind: "doubtful" });
    }
  });
});

describe("resume answered with an OAuth error", () => {
  it.each([
    [403, failure("ACCESS_FAILED", { code: "access_denied" })],
    [400, failure("INVALID_REQUEST", { code: "interaction_required" })],
    [401, { error: "login_required", error_description: "Ours." }],
    [400, { code: "consent_required" }],
  ])("is denied at %i %o", (status, body) => {
    expect(resumed(answered(status, body))).toStrictEqual({ answer: { kind: "denied" } });
  });

  it("is not denied by an error that is not OAuth's", () => {
    expect(
      resumed(answered(403, failure("ACCESS_FAILED", { code: "INSUFFICIENT_PERMISSIONS" }))),
    ).toStrictEqual({ answer: { kind: "refused" } });
  });
});
