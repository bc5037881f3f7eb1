import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import { startSimulator } from "./simulator.ts";
import type { Switches } from "./switches.ts";
import { createClient, detailOf, launch, locationOf } from "./test-client.ts";

async function started(switches: Partial<Switches>, policy = "Single_Factor") {
  const { simulator, clock } = await launch({ switches });
  const client = createClient(simulator);
  const first = await client.start(policy);
  return { simulator, clock, client, first };
}

const bearer = { authorization: "Bearer worker" };
const jsonOnly = { accept: "application/json" };

describe("flowsBearer and acceptJsonOnly", () => {
  it.each([
    ["refused", 200, 401],
    ["ignored", 200, 200],
    ["required", 401, 200],
  ] as const)("flowsBearer %s: %i without, %i with", async (flowsBearer, without, withBearer) => {
    const { client } = await started({ flowsBearer });
    expect((await client.read()).status).toBe(without);
    const reply = await client.read(bearer);
    expect(reply.status).toBe(withBearer);
    expect(reply.status === 401 ? detailOf(reply)?.code : "INVALID_TOKEN").toBe("INVALID_TOKEN");
  });

  it("acceptJsonOnly decides on 406 for application/json alone", async () => {
    const { simulator, client } = await started({});
    expect((await client.read(jsonOnly)).status).toBe(406);
    expect((await client.read({ accept: "application/json, */*;q=0.1" })).status).toBe(200);
    expect((await client.read({ accept: "application/hal+json" })).status).toBe(200);
    simulator.switches.acceptJsonOnly = "accepted";
    expect((await client.read(jsonOnly)).status).toBe(200);
    expect((await client.read({ accept: "text/html" })).status).toBe(406);
  });
});

describe("cookiesAt and rotateST", () => {
  it("authorize: the session is there from the start and told again on completion", async () => {
    const { client, first } = await started({ cookiesAt: "authorize" });
    expect(first.headers.getSetCookie()).toHaveLength(2);
    const before = client.jar.get("ST");
    const done = await client.password(people.passwordOnly);
    expect(done.headers.getSetCookie()).toHaveLength(2);
    expect(client.jar.get("ST")).toBe(before);
    expect((await client.resume()).status).toBe(200);
  });

  it("rotateST voids the old value on flows and at resume", async () => {
    const { client } = await started({ rotateST: true });
    await client.password(people.passwordOnly);
    const old = client.jar.get("ST") ?? "";
    await client.read();
    const fresh = client.jar.get("ST") ?? "";
    expect(fresh).not.toBe(old);
    client.jar.set("ST", old);
    const refused = await client.read();
    expect(refused.status).toBe(401);
    expect(refused.body.code).toBe("ACCESS_FAILED");
    expect(locationOf(await client.resume()).searchParams.has("error")).toBe(true);
    client.jar.set("ST", fresh);
    expect((await client.resume()).status).toBe(200);
  });

  it("together they give a new value with each answer, refusals too", async () => {
    const { client } = await started({ cookiesAt: "authorize", rotateST: true }, "Multi_Factor");
    const seen = [client.jar.get("ST")];
    await client.password(people.smsOtp, "wrong");
    seen.push(client.jar.get("ST"));
    await client.password(people.smsOtp);
    seen.push(client.jar.get("ST"));
    await client.otp(client.newestCode(people.smsOtp));
    seen.push(client.jar.get("ST"));
    expect(new Set(seen).size).toBe(4);
    expect((await client.resume()).status).toBe(200);
  });
});

describe("resumeAnswer and unfinishedResume", () => {
  it.each([
    ["200", "query", 200],
    ["302", "pi.flow", 302],
    ["by-response-mode", "pi.flow", 200],
    ["by-response-mode", "query", 302],
  ] as const)(
    "resumeAnswer %s gives a flow begun by %s a %i",
    async (resumeAnswer, response_mode, status) => {
      const { simulator } = await launch({ switches: { resumeAnswer } });
      const client = createClient(simulator);
      const first = await client.start("Single_Factor", { response_mode });
      if (first.status === 302) client.state.flowId = locationOf(first).searchParams.get("flowId") ?? "";
      await client.password(people.passwordOnly);
      expect((await client.resume()).status).toBe(status);
    },
  );

  it("unfinishedResume can be a 404", async () => {
    const { client } = await started({ unfinishedResume: "404" });
    expect((await client.resume()).status).toBe(404);
  });
});

describe("badPassword and lockedTells", () => {
  it("has the older detail code", async () => {
    const { client } = await started({ badPassword: "400-invalid-credentials" });
    expect(detailOf(await client.password(people.passwordOnly, "wrong"))?.code).toBe("INVALID_CREDENTIALS");
  });

  it("can be a 200 with the flow and an error", async () => {
    const { client } = await started({ badPassword: "200-with-error" });
    for (const username of [people.passwordOnly.username, "stranger@example.com"]) {
      const reply = await client.password({ username }, "wrong");
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({
        status: "USERNAME_PASSWORD_REQUIRED",
        error: { code: "INVALID_CREDENTIALS" },
      });
    }
    expect((await client.read()).body).not.toHaveProperty("error");
    expect((await client.password(people.passwordOnly)).body.status).toBe("COMPLETED");
  });

  it("lockedTells off leaves the end of a lock unsaid", async () => {
    const { client } = await started({ lockedTells: false });
    const detail = detailOf(await client.password(people.lockedTimed));
    expect(detail?.code).toBe("PASSWORD_LOCKED_OUT");
    expect(detail).not.toHaveProperty("innerError");
  });
});

describe("shapes", () => {
  it("2021 lacks user, otpLength, usableStatus and session", async () => {
    const { client, first } = await started({ shapes: "2021" }, "Passwordless");
    expect(first.body._embedded).toHaveProperty("application");
    const asked = await client.lookup(people.smsOtp);
    const [device] = people.smsOtp.devices;
    expect(asked.body).not.toHaveProperty("otpLength");
    expect(asked.body._embedded).toEqual({
      devices: [{ id: device?.id, type: "SMS", status: "ACTIVE", phone: "*******01" }],
      application: { name: expect.any(String) },
    });
    const done = await client.otp(client.newestCode(people.smsOtp));
    expect(done.body).not.toHaveProperty("session");
    expect(done.body._embedded).not.toHaveProperty("user");
  });

  it("2018 lacks the application too, and otp.check slips everything into _links", async () => {
    const { client, first } = await started({ shapes: "2018" }, "Passwordless");
    expect(first.body._embedded).toEqual({});
    await client.lookup(people.emailOtp);
    const done = await client.otp(client.newestCode(people.emailOtp));
    expect(Object.keys(done.body)).toEqual(["_links"]);
    const links = done.body._links ?? {};
    expect(links).toMatchObject({
      status: "COMPLETED",
      _embedded: { user: { username: people.emailOtp.username } },
    });
    expect(Object.keys(links)).toEqual([
      "self",
      "id",
      "resumeUrl",
      "status",
      "createdAt",
      "expiresAt",
      "_embedded",
    ]);
    expect(links["id"]).not.toBe(client.state.flowId);
    client.state.flowId = String(links["id"]);
    expect((await client.read()).body.status).toBe("COMPLETED");
    expect((await client.resume()).status).toBe(200);
  });
});

describe("unknown switches", () => {
  it("keep the stand-in from starting", async () => {
    const switches = JSON.parse('{"flowsBaerer":"refused"}');
    await expect(startSimulator({ switches })).rejects.toThrow(/flowsBaerer/);
  });
});
