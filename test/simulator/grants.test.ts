import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import type { Application } from "./applications.ts";
import { applications, registrationSchema } from "./applications.ts";
import { people } from "./people.ts";
import { REFRESH_FAMILY_LIFE_MS, REFRESH_LIFE_MS } from "./refresh-tokens.ts";
import { createClient, launch, type Some } from "./test-client.ts";

const redirectUris = ["https://shop.example/back"];
const refreshing = { redirectUris, grantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN"] };

async function withApplication(registration: object) {
  const { simulator, clock } = await launch();
  const body = JSON.stringify(registration);
  const response = await fetch(`${simulator.origin}/_simulator/applications`, { method: "POST", body });
  const application: Application = registrationSchema.parse(await response.json());
  return { simulator, clock, application, client: createClient(simulator, application) };
}

async function signedOn(registration: object, asked: Some = {}, shown: Some = {}) {
  const world = await withApplication(registration);
  await world.client.start("Single_Factor", asked);
  await world.client.password(people.passwordOnly);
  await world.client.resume();
  return { ...world, tokens: await world.client.token(shown) };
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
});

describe("tokenEndpointAuthMethod", () => {
  const secret = "a-secret";

  it.each(["NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"])("%s is the only way in", async (method) => {
    const clientSecret = method === "NONE" ? undefined : secret;
    const { client, application } = await signedOn({
      redirectUris,
      tokenEndpointAuthMethod: method,
      clientSecret,
    });
    await client.start("Single_Factor");
    const { clientId } = application;
    const ways = {
      NONE: await client.token({ code: "x", client_id: clientId }),
      CLIENT_SECRET_BASIC: await client.token({ code: "x", client_id: undefined }, basic(clientId, secret)),
      CLIENT_SECRET_POST: await client.token({ code: "x", client_id: clientId, client_secret: secret }),
    };
    const open = Object.entries(ways).filter(([, { body }]) => body.error === "invalid_grant");
    expect(open.map(([name]) => name)).toEqual([method]);
    const shut = Object.values(ways).filter(({ status }) => status === 401);
    expect(shut).toHaveLength(2);
  });

  it("CLIENT_SECRET_POST wants the right secret, and no other way beside it", async () => {
    const { client, application } = await withApplication({
      redirectUris,
      tokenEndpointAuthMethod: "CLIENT_SECRET_POST",
      clientSecret: secret,
    });
    const { clientId: client_id } = application;
    const attempts = [
      await client.token({ client_id, client_secret: "wrong" }),
      await client.token({ client_id, client_secret: "" }),
      await client.token({ client_id, client_secret: secret }, basic(application.clientId, secret)),
      await client.token({ client_id: undefined, client_secret: secret }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });
});

describe("CLIENT_SECRET_BASIC", () => {
  it("wants no secret in the body beside it, and no other client's name", async () => {
    const { clientId, clientSecret: client_secret } = applications.confidential;
    const { simulator } = await launch();
    const client = createClient(simulator, applications.confidential);
    const header = basic(clientId, client_secret);
    const attempts = [
      await client.token({ code: "x", client_secret }, header),
      await client.token({ code: "x", client_id: applications.public.clientId }, header),
      await client.token({ code: "x", client_id: clientId }, header),
    ];
    expect(attempts.map(({ body }) => body.error)).toEqual([
      "invalid_client",
      "invalid_client",
      "invalid_grant",
    ]);
  });
});

describe("client_credentials", () => {
  const worker = {
    clientId: "a-worker",
    clientSecret: "its-secret",
    grantTypes: ["CLIENT_CREDENTIALS"],
    tokenEndpointAuthMethod: "CLIENT_SECRET_POST",
  };
  const asking = {
    grant_type: "client_credentials",
    client_id: worker.clientId,
    client_secret: worker.clientSecret,
  };

  it("gives a worker a token of its own, about nobody", async () => {
    const { simulator, clock, client } = await withApplication(worker);
    const reply = await client.tokenBy(asking);
    const token = reply.body.access_token ?? "";
    expect(reply.body).toEqual({ access_token: token, token_type: "Bearer", expires_in: 3600 });
    expect(reply.headers.get("cache-control")).toBe("no-store");
    const keys = createLocalJWKSet(JSON.parse((await client.send("/as/jwks")).text));
    const issuer = `${simulator.baseUrl}/as`;
    const { payload } = await jwtVerify(token, keys, { issuer, currentDate: new Date(clock.now()) });
    expect(payload).toMatchObject({ client_id: worker.clientId, env: simulator.environmentId });
    expect(payload).not.toHaveProperty("sid");
    const claims = await client.send("/as/userinfo", {}, { authorization: `Bearer ${token}` });
    expect(claims.status).toBe(401);
  });

  it("is for workers alone, and a worker has nothing else", async () => {
    const { client } = await withApplication(worker);
    const other = await client.tokenBy({ ...asking, grant_type: "authorization_code", code: "x" });
    expect([other.status, other.body.error]).toEqual([400, "unauthorized_client"]);
    const { clientId, clientSecret } = applications.confidential;
    const stranger = await client.tokenBy(
      { grant_type: "client_credentials" },
      basic(clientId, clientSecret),
    );
    expect([stranger.status, stranger.body.error]).toEqual([400, "unauthorized_client"]);
  });
});

describe("refresh tokens", () => {
  const refresh = (
    { client, application }: Awaited<ReturnType<typeof signedOn>>,
    token: unknown,
    more = {},
  ) =>
    client.tokenBy({
      grant_type: "refresh_token",
      refresh_token: String(token),
      client_id: application.clientId,
      ...more,
    });

  it("are opaque, good once, and rotate", async () => {
    const world = await signedOn(refreshing);
    const first = world.tokens.body.refresh_token;
    expect(first).toMatch(/^[\w-]{43}$/);
    const second = await refresh(world, first);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first);
    const third = await refresh(world, second.body.refresh_token);
    const keys = createLocalJWKSet(JSON.parse((await world.client.send("/as/jwks")).text));
    const currentDate = new Date(world.clock.now());
    const { payload } = await jwtVerify(third.body.id_token ?? "", keys, { currentDate });
    expect(payload).toMatchObject({ sub: people.passwordOnly.id, aud: world.application.clientId });
    expect(payload).not.toHaveProperty("nonce");
  });

  it("used twice revoke all that came from the sign-on, and no other", async () => {
    const world = await signedOn(refreshing);
    const first = world.tokens.body.refresh_token;
    const second = (await refresh(world, first)).body.refresh_token;
    const other = (await againSignedOn(world)).body.refresh_token;
    expect((await refresh(world, first)).body.error).toBe("invalid_grant");
    expect((await refresh(world, second)).body.error).toBe("invalid_grant");
    expect((await refresh(world, other)).status).toBe(200);
  });

  async function againSignedOn({ client }: Awaited<ReturnType<typeof signedOn>>) {
    await client.start("Single_Factor", { prompt: "login" });
    await client.password(people.passwordOnly);
    await client.resume();
    return client.token();
  }

  it("are no use to another client, whose try changes nothing", async () => {
    const world = await signedOn(refreshing);
    const token = world.tokens.body.refresh_token;
    const client_id = "another-client";
    await fetch(`${world.simulator.origin}/_simulator/applications`, {
      method: "POST",
      body: JSON.stringify({ ...refreshing, clientId: client_id }),
    });
    expect((await refresh(world, token, { client_id })).body.error).toBe("invalid_grant");
    expect((await refresh(world, token)).status).toBe(200);
  });

  it("may ask for less and not for more; a refused scope spends nothing", async () => {
    const world = await signedOn(refreshing, { scope: "openid email" });
    const token = world.tokens.body.refresh_token;
    const more = await refresh(world, token, { scope: "openid profile" });
    expect([more.status, more.body.error]).toEqual([400, "invalid_scope"]);
    const less = await refresh(world, token, { scope: "email" });
    expect(less.body["scope"]).toBe("email");
    expect(less.body).not.toHaveProperty("id_token");
    expect((await refresh(world, less.body.refresh_token)).body["scope"]).toBe("openid email");
  });

  it.each([
    [["openid"], "openid", true],
    [["openid", "offline_access"], "openid", false],
    [["openid", "offline_access"], "openid offline_access", true],
  ])("come by scopes %o when %s is asked for: %s", async (scopes, scope, comes) => {
    const { tokens } = await signedOn({ ...refreshing, scopes }, { scope });
    expect([tokens.status, tokens.body.refresh_token !== undefined]).toEqual([200, comes]);
  });

  it("don't come to an application without the grant", async () => {
    const world = await signedOn({ redirectUris });
    expect(world.tokens.body).not.toHaveProperty("refresh_token");
    expect((await refresh(world, "x")).body.error).toBe("unauthorized_client");
  });

  it("last 30 days, and by rotation 180", async () => {
    const late = await signedOn(refreshing);
    late.clock.advance(REFRESH_LIFE_MS);
    expect((await refresh(late, late.tokens.body.refresh_token)).body.error).toBe("invalid_grant");
    const kept = await signedOn(refreshing);
    let token = kept.tokens.body.refresh_token;
    const step = REFRESH_LIFE_MS - 1;
    for (let passed = step; passed < REFRESH_FAMILY_LIFE_MS; passed += step) {
      kept.clock.advance(step);
      token = (await refresh(kept, token)).body.refresh_token ?? expect.fail(`Gone after ${passed} ms.`);
    }
    kept.clock.advance(step);
    expect((await refresh(kept, token)).body.error).toBe("invalid_grant");
  });
});
