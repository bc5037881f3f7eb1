import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import { startSimulator } from "./simulator.ts";
import { createClient, launch } from "./test-client.ts";

async function driven() {
  const { simulator } = await launch();
  const control = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${simulator.origin}/_simulator${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  return { simulator, control, client: createClient(simulator) };
}

describe("/_simulator", () => {
  it("shows the inbox, whole or by name", async () => {
    const { simulator, control, client } = await driven();
    for (const person of [people.emailOtp, people.smsOtp]) {
      await client.start("Passwordless");
      await client.lookup(person);
    }
    expect((await control("GET", "/inbox")).body).toEqual(simulator.inbox.all());
    const one = await control("GET", `/inbox?username=${people.smsOtp.username}`);
    expect(one.body).toEqual([simulator.inbox.latest(people.smsOtp.username)]);
  });

  it("turns switches, and refuses unknown names and values", async () => {
    const { simulator, control } = await driven();
    expect((await control("PUT", "/switches", { rotateST: true })).status).toBe(200);
    expect(simulator.switches.rotateST).toBe(true);
    expect((await control("GET", "/switches")).body).toEqual(simulator.switches);
    expect((await control("PUT", "/switches", { rotateST: "yes" })).status).toBe(400);
    expect((await control("PUT", "/switches", { rotate: true })).status).toBe(400);
  });

  it("scripts and clears faults", async () => {
    const { control, client } = await driven();
    await client.start("Single_Factor");
    const fault = { kind: "status", on: "read", status: 500, times: 9 };
    expect((await control("POST", "/faults", fault)).status).toBe(200);
    expect((await client.read()).status).toBe(500);
    expect((await control("DELETE", "/faults")).status).toBe(200);
    expect((await client.read()).status).toBe(200);
    expect((await control("POST", "/faults", { ...fault, often: true })).status).toBe(400);
  });

  it.each(["otp.chek", "user.confirm", "password", "any.thing", "", "otp.check "])(
    "scripts no fault on %j, which would befall nothing",
    async (on) => {
      const { control } = await driven();
      const reply = await control("POST", "/faults", { kind: "status", on, status: 500 });
      expect(reply).toMatchObject({ status: 400, body: { details: [{ target: "on" }] } });
    },
  );

  it.each(["any", "read", "otp.check", "password.reset"])("scripts faults on %s", async (on) => {
    const { control } = await driven();
    expect((await control("POST", "/faults", { kind: "status", on, status: 500 })).status).toBe(200);
  });

  it("shows calls and people, and records none of its own", async () => {
    const { simulator, control, client } = await driven();
    await client.start("Single_Factor");
    expect((await control("GET", "/calls")).body).toEqual(simulator.calls);
    expect(simulator.calls).toHaveLength(1);
    expect((await control("GET", "/people")).body).toMatchObject({
      push: { username: people.push.username },
    });
  });

  it("refuses pushes that are not pending and routes that are not there", async () => {
    const { control, client } = await driven();
    await client.start("Single_Factor");
    const path = `/push/${client.state.flowId}`;
    expect((await control("POST", path, { answer: "approve" })).status).toBe(400);
    expect((await control("POST", path, { answer: "maybe" })).status).toBe(400);
    expect((await control("POST", "/push/unknown", { answer: "approve" })).status).toBe(404);
    expect((await control("GET", "/elsewhere")).status).toBe(404);
  });
});

describe("startSimulator", () => {
  it("says so when the port is taken", async () => {
    const { simulator } = await launch();
    const port = Number(new URL(simulator.origin).port);
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("keeps environments apart by id", async () => {
    const { simulator } = await launch({ environmentId: "env-1" });
    expect(simulator.baseUrl).toBe(`${simulator.origin}/env-1`);
    expect((await createClient(simulator).start("Single_Factor")).status).toBe(200);
  });

  it("leaves nothing listening after close", async () => {
    const { simulator } = await launch();
    await simulator.close();
    await expect(fetch(`${simulator.baseUrl}/as/jwks`)).rejects.toThrow();
  });

  it("leaves the process's own Request and Response alone", async () => {
    const before = [globalThis.Request, globalThis.Response];
    await launch();
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });
});
