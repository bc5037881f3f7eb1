import { describe, expect, it } from "vitest";
import { until } from "../support/patience.ts";
import type { Fault } from "./faults.ts";
import { people } from "./people.ts";
import { createClient, detailOf, launch, locationOf } from "./test-client.ts";

async function faulty(fault: Fault, policy = "Single_Factor") {
  const { simulator, clock } = await launch();
  const client = createClient(simulator);
  if (fault.on !== "authorize") await client.start(policy);
  simulator.faults.script(fault);
  return { simulator, clock, client };
}

const on = "usernamePassword.check";
const signIn = (client: ReturnType<typeof createClient>) => client.password(people.passwordOnly);

describe("status", () => {
  it.each([
    [400, "INVALID_REQUEST"],
    [401, "ACCESS_FAILED"],
    [403, "ACCESS_FAILED"],
    [404, "NOT_FOUND"],
    [406, "INVALID_REQUEST"],
    [415, "INVALID_REQUEST"],
    [429, "REQUEST_LIMITED"],
    [500, "UNEXPECTED_ERROR"],
    [503, "UNEXPECTED_ERROR"],
  ])("%i has PingOne's body %s and changes nothing", async (status, code) => {
    const { client } = await faulty({ kind: "status", on, status });
    const reply = await signIn(client);
    expect(reply.status).toBe(status);
    expect(reply.body.code).toBe(code);
    expect((await client.read()).body.status).toBe("USERNAME_PASSWORD_REQUIRED");
    expect((await signIn(client)).body.status).toBe("COMPLETED");
  });

  it("says when to come back, in seconds or as a date", async () => {
    const { simulator, client } = await faulty({ kind: "status", on: "any", status: 429, retryAfter: 7 });
    const limited = await client.read();
    expect(limited.headers.get("retry-after")).toBe("7");
    expect(detailOf(limited)).toMatchObject({ code: "LIMIT_EXCEEDED", innerError: { retryAfter: 7 } });
    const date = "Mon, 05 Jan 2026 09:01:00 GMT";
    simulator.faults.script({ kind: "status", on: "any", status: 503, retryAfter: date });
    expect((await client.read()).headers.get("retry-after")).toBe(date);
  });

  it("applied: the step is done though the answer says otherwise, and its cookies are lost", async () => {
    const { client } = await faulty({ kind: "status", on, status: 500, applied: true });
    const reply = await signIn(client);
    expect(reply.headers.getSetCookie()).toEqual([]);
    expect((await client.read()).body.status).toBe("COMPLETED");
    expect(locationOf(await client.resume()).searchParams.has("error")).toBe(true);
  });
});

describe("the queue", () => {
  it("waits for its action, lasts its times and can be cleared", async () => {
    const { simulator, client } = await faulty({ kind: "status", on: "read", status: 500, times: 2 });
    const statuses = async () => (await client.read()).status;
    expect((await client.password(people.passwordOnly, "wrong")).status).toBe(400);
    expect([await statuses(), await statuses(), await statuses()]).toEqual([500, 500, 200]);
    simulator.faults.script({ kind: "html", on: "any" });
    simulator.faults.clear();
    expect(await statuses()).toBe(200);
  });

  it("refuses what it does not know", async () => {
    const { simulator } = await launch();
    const fault = JSON.parse('{"kind":"reset","on":"everything","applied":true}');
    expect(() => simulator.faults.script(fault)).toThrow();
  });
});

describe("delay", () => {
  it.each([
    ["before", 200, "COMPLETED"],
    ["after", 200, "COMPLETED"],
    ["never", 503, "USERNAME_PASSWORD_REQUIRED"],
  ] as const)("applied %s answers %i and leaves %s", async (applied, status, left) => {
    const { client } = await faulty({ kind: "delay", on, ms: 10, applied });
    expect((await signIn(client)).status).toBe(status);
    expect((await client.read()).body.status).toBe(left);
  });

  it("changes the state at its own time, and does not outlive the stand-in", async () => {
    for (const [applied, meanwhile] of [
      ["before", "COMPLETED"],
      ["after", "USERNAME_PASSWORD_REQUIRED"],
    ] as const) {
      const { simulator, client } = await faulty({ kind: "delay", on, ms: 600_000, applied });
      const pending = signIn(client).catch((error: unknown) => error);
      await until("the call to arrive", () => simulator.calls.length === 2);
      expect((await client.read()).body.status).toBe(meanwhile);
      await simulator.close();
      expect(await pending).toBeInstanceOf(Error);
    }
  });

  it.each([
    ["before", 200, "COMPLETED"],
    ["after", 200, "COMPLETED"],
    ["never", 503, "USERNAME_PASSWORD_REQUIRED"],
  ] as const)("applied %s lasts until the faults are cleared: then %i, %s", async (applied, status, left) => {
    const { simulator, client } = await faulty({ kind: "delay", on, ms: 600_000, applied });
    const pending = signIn(client);
    await until("the call to arrive", () => simulator.calls.length === 2);
    simulator.faults.clear();
    expect((await pending).status).toBe(status);
    expect((await client.read()).body.status).toBe(left);
  });
});

describe("broken connections", () => {
  it("a caller that hangs up does not stop a step that is under way", async () => {
    const { simulator, client } = await faulty({ kind: "delay", on, ms: 600_000, applied: "after" });
    const { username, password } = people.passwordOnly;
    const caller = new AbortController();
    const hungUp = fetch(`${simulator.baseUrl}/flows/${client.state.flowId}`, {
      method: "POST",
      headers: { "content-type": "application/vnd.pingidentity.usernamePassword.check+json" },
      body: JSON.stringify({ username, password }),
      signal: caller.signal,
    }).catch((error: unknown) => error);
    await until("the call to arrive", () => simulator.calls.length === 2);
    caller.abort();
    expect(await hungUp).toBeInstanceOf(Error);
    const completed = async () => (await client.read()).body.status === "COMPLETED";
    expect(await completed()).toBe(false);
    simulator.faults.clear();
    await until("the step to be done", completed);
    expect(await completed()).toBe(true);
  });

  it.each([
    [true, "COMPLETED"],
    [false, "USERNAME_PASSWORD_REQUIRED"],
  ])("reset, applied %s, gives no answer and leaves %s", async (applied, left) => {
    const { simulator, client } = await faulty({ kind: "reset", on, applied });
    await expect(signIn(client)).rejects.toThrow();
    expect(simulator.calls.at(-1)?.status).toBe(0);
    expect((await client.read()).body.status).toBe(left);
  });

  it("close-mid-body gives a head and half an answer", async () => {
    const { simulator, client } = await faulty({ kind: "close-mid-body", on });
    const response = await fetch(`${simulator.baseUrl}/flows/${client.state.flowId}`, {
      method: "POST",
      headers: { "content-type": "application/vnd.pingidentity.usernamePassword.check+json" },
      body: JSON.stringify({
        username: people.passwordOnly.username,
        password: people.passwordOnly.password,
      }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toHaveLength(2);
    await expect(response.text()).rejects.toThrow();
    expect((await client.read()).body.status).toBe("COMPLETED");
  });
});

describe("odd answers", () => {
  it("html is a page", async () => {
    const { client } = await faulty({ kind: "html", on });
    const reply = await signIn(client);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("text/html;charset=UTF-8");
    expect((await client.read()).body.status).toBe("USERNAME_PASSWORD_REQUIRED");
  });

  it("changed-flow-id moves the flow; the old id is gone", async () => {
    const { simulator, client } = await faulty({ kind: "changed-flow-id", on });
    const before = client.state.flowId;
    const reply = await signIn(client);
    expect(client.state.flowId).not.toBe(before);
    expect(reply.text).not.toContain(before);
    expect((await client.send(`/flows/${before}`)).status).toBe(404);
    expect((await client.resume()).status).toBe(200);
    expect(simulator.calls.at(1)?.flowId).toBe(before);
  });

  it("unknown-status names a state and links nobody knows", async () => {
    const { client } = await faulty({ kind: "unknown-status", on, status: "MOON_PHASE_REQUIRED" });
    const reply = await signIn(client);
    expect(reply.body.status).toBe("MOON_PHASE_REQUIRED");
    expect(Object.keys(reply.body._links ?? {})).toEqual(["novel.action", "self"]);
    expect((await client.read()).body.status).toBe("COMPLETED");
  });

  it("failed ends the flow, at a step or from the start", async () => {
    const { simulator, client } = await faulty({ kind: "failed", on, code: "MFA_DISABLED" });
    const reply = await signIn(client);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ status: "FAILED", error: { code: "MFA_DISABLED" } });
    expect(reply.headers.getSetCookie()).toEqual([]);
    expect((await client.resume()).status).toBe(403);
    simulator.faults.script({ kind: "failed", on: "authorize", code: "X" });
    expect((await client.start("Single_Factor")).body.status).toBe("FAILED");
  });

  it("davinci speaks the other protocol", async () => {
    const { client } = await faulty({ kind: "davinci", on: "authorize" });
    const reply = await client.start("Single_Factor");
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      interactionId: expect.any(String),
      interactionToken: expect.any(String),
      capabilityName: "customHTMLTemplate",
    });
    expect(reply.body).not.toHaveProperty("status");
    expect(client.jar.has("interactionId")).toBe(true);
  });

  it("unreadable does the step and keeps the cookies", async () => {
    const { client } = await faulty({ kind: "unreadable", on });
    const reply = await signIn(client);
    expect(reply.body).toEqual({ result: "ok" });
    expect(reply.headers.getSetCookie()).toHaveLength(2);
    expect((await client.resume()).status).toBe(200);
  });

  it("extra-cookies adds lines after PingOne's own", async () => {
    const line = "AWSALB=abc; Expires=Thu, 19 Feb 2026 19:29:00 GMT; Path=/";
    const { client } = await faulty({ kind: "extra-cookies", on, setCookie: [line] });
    const lines = (await signIn(client)).headers.getSetCookie();
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe(line);
  });
});

describe("reply", () => {
  const canned = {
    _links: { self: { href: "https://auth.pingone.com/env/flows/flow-in-url" } },
    id: "flow-in-page",
    status: "COMPLETED",
    expiresAt: "2026-01-16T17:54:16.328Z",
  };

  it("is sent verbatim, and its ids and session lead to the flow", async () => {
    const { client } = await faulty({
      kind: "reply",
      on,
      status: 200,
      headers: [
        ["set-cookie", "ST=canned-session; Path=/other; Secure"],
        ["set-cookie", "ST-NO-SS=canned-session; Path=/other; Secure"],
      ],
      body: canned,
    });
    const own = client.state.flowId;
    const reply = await signIn(client);
    expect(reply.text).toBe(JSON.stringify(canned));
    expect(reply.headers.get("content-type")).toBe("application/hal+json;charset=UTF-8");
    expect(reply.headers.getSetCookie()).toHaveLength(2);
    for (const id of [own, "flow-in-page", "flow-in-url"]) {
      expect((await client.send(`/flows/${id}`)).body.status).toBe("COMPLETED");
    }
    expect((await client.resume()).status).toBe(200);
  });

  it("finds the id of a page whose fields slipped into _links, and takes text and headers", async () => {
    const body = JSON.stringify({ _links: { self: canned._links.self, id: "slipped", status: "COMPLETED" } });
    const headers = { "content-type": "application/json" };
    const { client } = await faulty({ kind: "reply", on, status: 200, headers, body, applied: false });
    const reply = await signIn(client);
    expect(reply.text).toBe(body);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect((await client.send("/flows/slipped")).body.status).toBe("USERNAME_PASSWORD_REQUIRED");
  });
});
