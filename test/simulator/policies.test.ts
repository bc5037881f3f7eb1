import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { patienceMs } from "../support/patience.ts";
import { applications } from "./applications.ts";
import { people } from "./people.ts";
import type { Simulator } from "./simulator.ts";
import { createClient, detailOf, launch, locationOf, type Reply } from "./test-client.ts";

async function verify(simulator: Simulator, reply: Reply, now: number) {
  const keys = createRemoteJWKSet(new URL(`${simulator.baseUrl}/as/jwks`), { timeoutDuration: patienceMs });
  const { payload } = await jwtVerify(reply.body.id_token ?? "", keys, {
    issuer: `${simulator.baseUrl}/as`,
    audience: applications.public.clientId,
    currentDate: new Date(now),
  });
  return payload;
}

async function finish(simulator: Simulator, client: ReturnType<typeof createClient>, now: number) {
  const resumed = await client.resume();
  expect(resumed.status).toBe(200);
  expect(resumed.body.authorizeResponse?.state).toBe("state-1");
  const tokens = await client.token();
  expect(tokens.status).toBe(200);
  return verify(simulator, tokens, now);
}

describe("Single_Factor", () => {
  it("leads from a password to a verified ID token", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    const started = await client.start("Single_Factor");
    expect(started.body).toEqual({
      _links: {
        "usernamePassword.check": { href: `${simulator.baseUrl}/flows/${client.state.flowId}` },
        "session.reset": { href: `${simulator.baseUrl}/flows/${client.state.flowId}` },
        self: { href: `${simulator.baseUrl}/flows/${client.state.flowId}` },
      },
      id: client.state.flowId,
      resumeUrl: `${simulator.baseUrl}/as/resume?flowId=${client.state.flowId}`,
      status: "USERNAME_PASSWORD_REQUIRED",
      createdAt: "2026-01-05T09:00:00.000Z",
      expiresAt: "2026-01-05T09:15:00.000Z",
      _embedded: { application: { name: applications.public.name } },
    });
    const done = await client.password(people.passwordOnly);
    expect(done.body).toMatchObject({
      status: "COMPLETED",
      _embedded: {
        user: {
          id: people.passwordOnly.id,
          username: "ann@example.com",
          name: { given: "Ann", family: "Archer" },
        },
      },
    });
    const now = Math.floor(clock.now() / 1000);
    expect(await finish(simulator, client, clock.now())).toMatchObject({
      iss: `${simulator.baseUrl}/as`,
      sub: people.passwordOnly.id,
      aud: applications.public.clientId,
      iat: now,
      exp: now + 3600,
      acr: "Single_Factor",
      amr: ["pwd"],
      auth_time: now,
      at_hash: expect.any(String),
      sid: expect.any(String),
      nonce: "nonce-1",
      preferred_username: "ann@example.com",
      given_name: "Ann",
      family_name: "Archer",
      email: "ann@example.com",
      env: simulator.environmentId,
    });
  });

  it("goes back to the start on session.reset", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Identifier_First");
    expect((await client.lookup(people.passwordOnly)).body.status).toBe("PASSWORD_REQUIRED");
    expect((await client.act("session.reset", {})).body.status).toBe("SIGN_ON_REQUIRED");
  });
});

describe("Multi_Factor", () => {
  it("asks for a code by SMS after the password", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    await client.start("Multi_Factor");
    const asked = await client.password(people.smsOtp);
    const [device] = people.smsOtp.devices;
    expect(asked.body).toMatchObject({
      status: "OTP_REQUIRED",
      otpLength: 6,
      bypassAllowed: false,
      selectedDevice: { id: device?.id },
      _embedded: {
        devices: [
          {
            id: device?.id,
            type: "SMS",
            status: "ACTIVE",
            usableStatus: { status: "ENABLED" },
            phone: "*******01",
          },
        ],
        user: { id: people.smsOtp.id },
      },
    });
    expect(asked.headers.getSetCookie()).toEqual([]);
    expect((await client.otp(client.newestCode(people.smsOtp))).body.status).toBe("COMPLETED");
    expect((await finish(simulator, client, clock.now()))["amr"]).toEqual(["pwd", "otp", "mfa"]);
  });
});

describe("Passwordless", () => {
  it("sends a code at lookup and masks the address", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    expect((await client.start("Passwordless")).body.status).toBe("SIGN_ON_REQUIRED");
    const asked = await client.lookup(people.emailOtp);
    expect(asked.body._embedded?.devices?.[0]).toMatchObject({ type: "EMAIL", email: "jo****@example.com" });
    expect((await client.otp(client.newestCode(people.emailOtp))).body.status).toBe("COMPLETED");
    expect((await finish(simulator, client, clock.now()))["amr"]).toEqual(["otp"]);
  });

  it("takes login_hint as the lookup", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const started = await client.start("Passwordless", { login_hint: people.emailOtp.username });
    expect(started.body.status).toBe("OTP_REQUIRED");
    expect((await client.otp(client.newestCode(people.emailOtp))).body.status).toBe("COMPLETED");
  });

  it("refuses an unknown name, at lookup and as a hint", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Passwordless");
    const stranger = { username: "stranger@example.com" };
    for (const reply of [
      await client.lookup(stranger),
      await client.start("Passwordless", { login_hint: stranger.username }),
    ]) {
      expect(reply.status).toBe(400);
      expect(reply.body.code).toBe("INVALID_DATA");
      expect(detailOf(reply)).toMatchObject({ code: "INVALID_VALUE", target: "username" });
    }
  });
});

describe("Identifier_First", () => {
  it("asks known and unknown names for a password alike", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    const bodies = [];
    for (const username of [people.passwordOnly.username, "stranger@example.com"]) {
      await client.start("Identifier_First");
      bodies.push((await client.lookup({ username })).text.replaceAll(client.state.flowId, "id"));
    }
    expect(bodies[0]).toContain("PASSWORD_REQUIRED");
    expect(bodies[0]).toBe(bodies[1]);
    expect((await client.password({ username: "stranger@example.com" })).status).toBe(400);
    await client.start("Identifier_First");
    await client.lookup(people.passwordOnly);
    expect((await client.password(people.emailOtp)).status).toBe(400);
    expect((await client.password(people.passwordOnly)).body.status).toBe("COMPLETED");
    expect((await finish(simulator, client, clock.now()))["acr"]).toBe("Identifier_First");
  });
});

describe("redirect mode", () => {
  it("sends the browser to the sign-on page and then back with the code", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const started = await client.startByGet("Single_Factor", { response_mode: "query" });
    expect(started.status).toBe(302);
    expect(locationOf(started).pathname).toBe(`/${simulator.environmentId}/signon/`);
    client.state.flowId = locationOf(started).searchParams.get("flowId") ?? "";
    await client.password(people.passwordOnly);
    const resumed = await client.resume();
    expect(resumed.status).toBe(302);
    const back = locationOf(resumed);
    expect(back.href).toMatch(/^https:\/\/app\.example\.com\/callback\?/);
    expect(back.searchParams.get("state")).toBe("state-1");
    expect((await client.token({ code: back.searchParams.get("code") ?? "" })).status).toBe(200);
  });

  it("puts the code into the fragment when asked", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const started = await client.start("Single_Factor", { response_mode: "fragment" });
    client.state.flowId = locationOf(started).searchParams.get("flowId") ?? "";
    await client.password(people.passwordOnly);
    const { hash } = locationOf(await client.resume());
    expect(new URLSearchParams(hash.slice(1)).get("state")).toBe("state-1");
  });
});

describe("a live session at authorize", () => {
  it("gives a code at once, unless a fresh sign-on is asked for", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    await client.start("Single_Factor");
    await client.password(people.passwordOnly);
    const again = await client.start("Single_Factor", { prompt: "none" });
    expect(again.status).toBe(200);
    expect(again.body.authorizeResponse?.code).toEqual(expect.any(String));
    expect((await client.token()).status).toBe(200);
    expect((await client.start("Single_Factor", { prompt: "login" })).body.status).toBe(
      "USERNAME_PASSWORD_REQUIRED",
    );
    clock.advance(61_000);
    expect((await client.start("Single_Factor", { max_age: "60" })).body.authorizeResponse).toBeUndefined();
    clock.advance(31 * 24 * 3_600_000);
    expect((await client.start("Single_Factor")).body.authorizeResponse).toBeUndefined();
  });

  it("answers prompt=none without a session by the code that PingOne has for it", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const reply = await client.start("Single_Factor", { prompt: "none" });
    expect(reply.status).toBe(400);
    expect(detailOf(reply)?.code).toBe("LOGIN_REQUIRED");
    const redirected = await client.start("Single_Factor", { prompt: "none", response_mode: "query" });
    expect(locationOf(redirected).searchParams.get("error")).toBe("login_required");
  });
});

describe("keys and claims", () => {
  it("publishes discovery, keys and userinfo that agree", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const discovery = await client.send("/as/.well-known/openid-configuration");
    expect(discovery.body).toMatchObject({
      issuer: `${simulator.baseUrl}/as`,
      token_endpoint: `${simulator.baseUrl}/as/token`,
    });
    const keys = JSON.parse((await client.send("/as/jwks")).text);
    expect(() => createLocalJWKSet(keys)).not.toThrow();
    await client.start("Single_Factor");
    await client.password(people.passwordOnly);
    await client.resume();
    const tokens = await client.token();
    const bearer = { authorization: `Bearer ${tokens.body.access_token}` };
    const claims = await client.send("/as/userinfo", {}, bearer);
    expect(claims.body).toMatchObject({ sub: people.passwordOnly.id, email: "ann@example.com" });
    expect((await client.send("/as/userinfo", {}, { authorization: "Bearer x" })).status).toBe(401);
  });
});
