import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import { createClient, detailOf, launch } from "./test-client.ts";

async function started(policy = "Single_Factor") {
  const { simulator, clock } = await launch();
  const client = createClient(simulator);
  await client.start(policy);
  return { simulator, clock, client };
}

const check = "application/vnd.pingidentity.usernamePassword.check+json";

describe("POST /flows/{flowID}", () => {
  it.each([
    ["application/json", 415, "INVALID_REQUEST"],
    ["application/vnd.pingidentity.password.check+json", 415, "INVALID_REQUEST"],
    [`${check};charset=utf-8`, 415, "INVALID_REQUEST"],
    ["text/plain", 415, "INVALID_REQUEST"],
    ["application/x-www-form-urlencoded", 401, "ACCESS_FAILED"],
  ])("answers content type %s by %i", async (contentType, status, code) => {
    const { client } = await started();
    const reply = await client.act("otp.check", {}, { "content-type": contentType });
    expect(reply.status).toBe(status);
    expect(reply.body.code).toBe(code);
  });

  it("answers in PingOne's media type, with a correlation id and the injected date", async () => {
    const { simulator, clock, client } = await started();
    clock.advance(1000);
    const replies = [
      await client.read(),
      await client.password(people.passwordOnly, "wrong"),
      await client.send("/flows/x"),
    ];
    for (const reply of replies) {
      expect(reply.headers.get("content-type")).toBe("application/hal+json;charset=UTF-8");
      expect(reply.headers.get("correlation-id")).toMatch(/^[\da-f-]{36}$/);
      expect(reply.headers.get("date")).toBe("Mon, 05 Jan 2026 09:00:01 GMT");
    }
    expect(replies[1]?.body.id).not.toBe(client.state.flowId);
    expect(simulator.calls).toHaveLength(4);
  });

  it("refuses an action the state does not offer, implemented or not", async () => {
    const { client } = await started();
    for (const action of ["otp.check", "user.lookup", "password.forgot", "assertion.check"]) {
      const reply = await client.act(action, { otp: "123456" });
      expect(reply.status).toBe(400);
      expect(reply.body.code).toBe("INVALID_REQUEST");
    }
    await client.password(people.passwordOnly);
    expect((await client.password(people.passwordOnly)).body.code).toBe("INVALID_REQUEST");
  });

  it.each([
    [{}, "REQUIRED_VALUE", "username"],
    [{ username: "", password: "x" }, "EMPTY_VALUE", "username"],
    [{ username: "ann@example.com", password: 1 }, "INVALID_VALUE", "password"],
    [{ username: "a", password: "b", remember: true }, "INVALID_PARAMETER", "remember"],
  ])("refuses the body %o", async (body, code, target) => {
    const { client } = await started();
    const reply = await client.act("usernamePassword.check", body);
    expect(reply.status).toBe(400);
    expect(detailOf(reply)).toMatchObject({ code, target });
  });

  it("refuses a body that is not JSON, and a query", async () => {
    const { client } = await started();
    const init = { method: "POST", body: "{" };
    const path = `/flows/${client.state.flowId}`;
    expect((await client.send(path, init, { "content-type": check })).body.code).toBe("INVALID_REQUEST");
    expect((await client.send(`${path}?a=1`)).body.code).toBe("INVALID_REQUEST");
  });

  it("sets both cookies as two lines when the flow completes", async () => {
    const { simulator, client } = await started();
    const done = await client.password(people.passwordOnly);
    const value = client.jar.get("ST");
    const life = "Max-Age=2592000; Expires=Wed, 04 Feb 2026 09:00:00 GMT";
    const common = `Path=/${simulator.environmentId}; ${life}; Secure; HttpOnly`;
    expect(done.headers.getSetCookie()).toEqual([
      `ST=${value}; ${common}; SameSite=None`,
      `ST-NO-SS=${value}; ${common}`,
    ]);
    expect((await client.read()).headers.getSetCookie()).toEqual([]);
  });
});

describe("paths", () => {
  it("that PingOne does not have are refused and recorded", async () => {
    const { simulator, client } = await started();
    const attempts = [
      await client.send("/as/introspect"),
      await client.send("/as/token"),
      await client.send(`/flows/${client.state.flowId}`, { method: "PUT", body: "{}" }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await fetch(`${simulator.origin}/v1/as/jwks`)).status).toBe(404);
    const head = await fetch(`${simulator.baseUrl}/as/jwks`, { method: "HEAD" });
    expect(head.status).toBe(405);
    expect(simulator.calls.map(({ action }) => action)).toEqual([
      "authorize",
      "unknown",
      "unknown",
      "unknown",
      "unknown",
      "jwks",
    ]);
  });
});

describe("calls", () => {
  it("keep method, path, action, flow, headers, cookies and status in order", async () => {
    const { simulator, clock, client } = await started();
    clock.advance(5);
    await client.password(people.passwordOnly, "wrong");
    await client.password(people.passwordOnly);
    await client.read({ "x-probe": "1" });
    await client.resume();
    const { flowId } = client.state;
    const path = `/${simulator.environmentId}/flows/${flowId}`;
    const st = client.jar.get("ST");
    expect(simulator.calls).toMatchObject([
      { action: "authorize", method: "POST", flowId, status: 200, cookies: {} },
      { action: "usernamePassword.check", path, flowId, status: 400, at: clock.now() },
      { action: "usernamePassword.check", path, flowId, status: 200 },
      { action: "read", method: "GET", headers: { "x-probe": "1" }, cookies: { ST: st, "ST-NO-SS": st } },
      { action: "resume", query: `?flowId=${flowId}`, flowId, status: 200 },
    ]);
    expect(simulator.calls.every(({ remotePort }) => remotePort > 0)).toBe(true);
  });
});
