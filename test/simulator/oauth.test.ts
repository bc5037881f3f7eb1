import { describe, expect, it } from "vitest";
import { applications } from "./applications.ts";
import { people } from "./people.ts";
import { createClient, detailOf, launch, locationOf } from "./test-client.ts";

async function resumed(application: (typeof applications)[keyof typeof applications] = applications.public) {
  const { simulator, clock } = await launch();
  const client = createClient(simulator, application);
  await client.start("Single_Factor");
  await client.password(people.passwordOnly);
  await client.resume();
  return { simulator, clock, client };
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
});

describe("authorize", () => {
  it.each([
    ["client_id", { client_id: "somebody" }, "INVALID_VALUE"],
    ["redirect_uri", { redirect_uri: "https://app.example.com/callback/" }, "INVALID_VALUE"],
    ["code_challenge_method", { code_challenge_method: "plain" }, "INVALID_VALUE"],
    ["code_challenge", { code_challenge: "short" }, "INVALID_VALUE"],
    ["response_type", { response_type: "token" }, "INVALID_VALUE"],
    ["response_mode", { response_mode: "form_post" }, "INVALID_VALUE"],
    ["scope", { scope: "openid p1:read:user" }, "INVALID_VALUE"],
    ["acr_values", { acr_values: "No_Such_Policy" }, "INVALID_VALUE"],
    ["prompt", { prompt: "select_account" }, "INVALID_VALUE"],
    ["request", { request: "eyJ" }, "INVALID_VALUE"],
    ["login_hint_token", { login_hint_token: "eyJ" }, "INVALID_VALUE"],
    ["login_hint", { login_hint: "" }, "EMPTY_VALUE"],
  ])("refuses a bad %s", async (target, more, code) => {
    const { simulator } = await launch();
    const reply = await createClient(simulator).start("Single_Factor", more);
    expect(reply.status).toBe(400);
    expect(reply.body.code).toBe("INVALID_DATA");
    expect(detailOf(reply)).toMatchObject({ code, target });
  });

  it("redirects a complaint only to a registered address", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const mode = { response_mode: "query" };
    const sent = await client.startByGet("Single_Factor", { ...mode, scope: "everything" });
    expect(Object.fromEntries(locationOf(sent).searchParams)).toMatchObject({
      error: "invalid_scope",
      state: "state-1",
    });
    const kept = await client.startByGet("Single_Factor", { ...mode, redirect_uri: "https://evil.example" });
    expect(kept.status).toBe(400);
  });

  it("reads query and form together, but no parameter twice", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    const parameters = new URLSearchParams({
      response_type: "code",
      response_mode: "pi.flow",
      client_id: applications.public.clientId,
      redirect_uri: "com.example.app://callback",
    });
    const pkce = new URLSearchParams({ code_challenge: "a".repeat(43), code_challenge_method: "S256" });
    const split = await client.send(`/as/authorize?${parameters}`, { method: "POST", body: pkce });
    expect(split.status).toBe(200);
    const twice = await client.send(`/as/authorize?${pkce}&${parameters}`, { method: "POST", body: pkce });
    expect(twice.status).toBe(400);
    const typed = await client.send("/as/authorize", { method: "POST", body: "{}" });
    expect(typed.status).toBe(415);
  });
});

describe("token", () => {
  it("redeems a code once", async () => {
    const { client } = await resumed();
    const first = await client.token();
    expect(first.status).toBe(200);
    expect(first.headers.get("cache-control")).toBe("no-store");
    const second = await client.token();
    expect(second.status).toBe(400);
    expect(second.body).toMatchObject({ error: "invalid_grant" });
  });

  it("lets a code lapse after 60 seconds", async () => {
    const { client, clock } = await resumed();
    clock.advance(60_000);
    expect((await client.token()).body).toMatchObject({ error: "invalid_grant" });
  });

  it.each([
    { code_verifier: "another-verifier-0123456789-0123456789-01234" },
    { redirect_uri: "com.example.app://callback" },
  ])("binds the code to %o, and a wrong try spends it", async (more) => {
    const { client } = await resumed();
    expect((await client.token(more)).body).toMatchObject({ error: "invalid_grant" });
    expect((await client.token()).body).toMatchObject({ error: "invalid_grant" });
  });

  it("binds the code to its client, whose code a stranger cannot spend", async () => {
    const { client, simulator } = await resumed();
    const stranger = createClient(simulator, applications.confidential);
    const { clientId, clientSecret } = applications.confidential;
    const reply = await stranger.token({ code: client.state.code }, basic(clientId, clientSecret));
    expect(reply.body).toMatchObject({ error: "invalid_grant" });
    expect((await client.token()).status).toBe(200);
  });

  it("takes the registered authentication method and no other", async () => {
    const { client } = await resumed(applications.confidential);
    const { clientId, clientSecret } = applications.confidential;
    const attempts = [
      await client.token({ client_id: clientId }),
      await client.token({ client_id: clientId, client_secret: clientSecret }),
      await client.token({}, basic(clientId, "wrong")),
      await client.token({}, basic(applications.public.clientId, "")),
    ];
    for (const reply of attempts) {
      expect(reply.status).toBe(401);
      expect(reply.body.error).toBe("invalid_client");
      expect(reply.text).toContain(reply.headers.get("correlation-id"));
    }
    expect((await client.token({}, basic(clientId, clientSecret))).status).toBe(200);
  });

  it("refuses other grants, other bodies and unknown parameters", async () => {
    const { client } = await resumed();
    expect((await client.token({ grant_type: "password" })).body.error).toBe("unsupported_grant_type");
    expect((await client.token({ extra: "1" })).body.error).toBe("invalid_request");
    const asJson = await client.token({}, { "content-type": "application/json" });
    expect(asJson.body.error).toBe("invalid_request");
  });

  it("gives an ID token only for openid, and claims only by scope", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Single_Factor", { scope: "profile" });
    await client.password(people.passwordOnly);
    await client.resume();
    expect((await client.token()).body).not.toHaveProperty("id_token");
  });
});

describe("resume", () => {
  it("sends a client without the session cookie to the sign-on page", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Single_Factor");
    await client.password(people.passwordOnly);
    client.jar.clear();
    const page = locationOf(await client.resume());
    expect(page.pathname).toBe(`/${simulator.environmentId}/signon/`);
    expect(JSON.parse(page.searchParams.get("error") ?? "")).toMatchObject({ code: expect.any(String) });
    client.jar.set("ST", "foreign");
    expect(locationOf(await client.resume()).searchParams.has("error")).toBe(true);
    const hosted = await client.send("/signon/");
    expect(hosted.headers.get("content-type")).toContain("text/html");
  });

  it("does not take another person's session", async () => {
    const { simulator } = await launch();
    const victim = createClient(simulator);
    await victim.start("Single_Factor");
    await victim.password(people.passwordOnly);
    const other = createClient(simulator);
    await other.start("Single_Factor");
    await other.password(people.emailOtp);
    other.state.flowId = victim.state.flowId;
    expect(locationOf(await other.resume()).searchParams.has("error")).toBe(true);
  });

  it("works once", async () => {
    const { client } = await resumed();
    const again = await client.resume();
    expect(again.status).toBe(302);
    expect(locationOf(again).searchParams.has("error")).toBe(true);
  });

  it("sends an unfinished flow back to the sign-on page", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Single_Factor");
    expect(locationOf(await client.resume()).searchParams.get("flowId")).toBe(client.state.flowId);
  });

  it("turns a failed flow into access_denied", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Multi_Factor");
    await client.password(people.noUsableDevice);
    const denied = await client.resume();
    expect(denied.status).toBe(403);
    expect(detailOf(denied)?.code).toBe("access_denied");
    simulator.switches.resumeAnswer = "302";
    expect(Object.fromEntries(locationOf(await client.resume()).searchParams)).toMatchObject({
      error: "access_denied",
      state: "state-1",
    });
  });

  it("takes flowId and nothing else", async () => {
    const { client } = await resumed();
    expect((await client.send("/as/resume?dvResponse=x")).status).toBe(400);
    expect((await client.send("/as/resume")).status).toBe(400);
    expect((await client.send("/as/resume?flowId=unknown")).status).toBe(404);
  });
});
