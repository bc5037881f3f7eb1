import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Application } from "./applications.ts";
import { applications, registrationSchema } from "./applications.ts";
import { people } from "./people.ts";
import { policyNames } from "./policies.ts";
import { createClient, detailOf, launch } from "./test-client.ts";

const redirectUris = ["https://shop.example/back"];

const bodySchema = z.looseObject({
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  details: z.array(z.object({ target: z.string() })).optional(),
});

async function registrar() {
  const { simulator } = await launch();
  const register = async (registration: object) => {
    const init = { method: "POST", body: JSON.stringify(registration) };
    const response = await fetch(`${simulator.origin}/_simulator/applications`, init);
    return { status: response.status, body: bodySchema.parse(await response.json()) };
  };
  const registered = async (registration: object): Promise<Application> => {
    const { status, body } = await register(registration);
    expect(status).toBe(201);
    return registrationSchema.parse(body);
  };
  return { simulator, register, registered };
}

describe("POST /_simulator/applications", () => {
  it("registers what is said, and the rest as PingOne has it for a new application", async () => {
    const { simulator, register } = await registrar();
    const { status, body } = await register({ redirectUris });
    expect(status).toBe(201);
    expect(body).toEqual({
      name: "A registered application",
      clientId: z.uuid().parse(body.clientId),
      redirectUris,
      tokenEndpointAuthMethod: "NONE",
      pkceEnforcement: "OPTIONAL",
      grantTypes: ["AUTHORIZATION_CODE"],
      scopes: ["openid", "profile", "email"],
      policies: [...policyNames],
    });
    const all = await fetch(`${simulator.origin}/_simulator/applications`);
    expect(await all.json()).toEqual([...Object.values(applications), body]);
  });

  it("makes a secret where one is needed and none is given", async () => {
    const { register } = await registrar();
    const { body } = await register({ redirectUris, tokenEndpointAuthMethod: "CLIENT_SECRET_POST" });
    expect(body.clientSecret).toMatch(/^[\da-f-]{36}$/);
    const own = { clientSecret: "ours", tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC" };
    expect((await register({ redirectUris, ...own })).body.clientSecret).toBe("ours");
  });

  it.each([
    ["redirectUris", {}],
    ["redirectUris.0", { redirectUris: ["callback"] }],
    ["clientSecret", { redirectUris, clientSecret: "x" }],
    ["tokenEndpointAuthMethod", { grantTypes: ["CLIENT_CREDENTIALS"] }],
    ["tokenEndpointAuthMethod", { redirectUris, tokenEndpointAuthMethod: "PRIVATE_KEY_JWT" }],
    ["policies.0", { redirectUris, policies: ["Anything"] }],
    ["policies", { redirectUris, policies: [] }],
    ["pkce", { redirectUris, pkce: true }],
    ["clientId", { redirectUris, clientId: applications.public.clientId }],
  ])("refuses a wrong %s: %o", async (target, registration) => {
    const { simulator, register } = await registrar();
    const { status, body } = await register(registration);
    expect([status, body.details?.[0]?.target]).toEqual([400, target]);
    expect(await (await fetch(`${simulator.origin}/_simulator/applications`)).json()).toHaveLength(
      Object.keys(applications).length,
    );
  });

  it("takes a registration again: the newer one counts", async () => {
    const { simulator, registered } = await registrar();
    const clientId = "our-client";
    await registered({ clientId, redirectUris });
    const application = await registered({ clientId, redirectUris: ["https://new.example/back"] });
    const client = createClient(simulator, application);
    expect((await client.start("Single_Factor")).status).toBe(200);
    expect((await client.start("Single_Factor", { redirect_uri: redirectUris[0] })).status).toBe(400);
  });
});

describe("a registered application", () => {
  it("runs its own policies, the first one when none is named", async () => {
    const { simulator, registered } = await registrar();
    const policies = ["Identifier_First", "Passwordless"];
    const client = createClient(simulator, await registered({ redirectUris, policies }));
    const started = await client.start("", { acr_values: undefined });
    expect(started.body.status).toBe("SIGN_ON_REQUIRED");
    expect((await client.lookup(people.passwordOnly)).body.status).toBe("PASSWORD_REQUIRED");
    expect((await client.start("Passwordless")).status).toBe(200);
    expect(detailOf(await client.start("Single_Factor"))?.target).toBe("acr_values");
  });

  it("without AUTHORIZATION_CODE signs nobody on", async () => {
    const { simulator, registered } = await registrar();
    const worker = await registered({
      redirectUris,
      grantTypes: ["CLIENT_CREDENTIALS"],
      tokenEndpointAuthMethod: "CLIENT_SECRET_POST",
    });
    const client = createClient(simulator, worker);
    expect(detailOf(await client.start("Single_Factor"))?.target).toBe("client_id");
    const redirected = await client.startByGet("Single_Factor", { response_mode: "query" });
    expect(redirected.headers.get("location")).toContain("error=unauthorized_client");
  });
});

describe("an application that can't be started", () => {
  it.each([
    ["client_id", { enabled: false }],
    ["request_uri", { parRequirement: "REQUIRED" }],
    [undefined, { enabled: true, parRequirement: "OPTIONAL" }],
  ])("complains about %s with %o", async (target, more) => {
    const { simulator, registered } = await registrar();
    const client = createClient(simulator, await registered({ redirectUris, ...more }));
    const reply = await client.start("Single_Factor");
    expect([reply.status, detailOf(reply)?.target]).toEqual([target === undefined ? 200 : 400, target]);
  });

  it("isn't told which parameter is refused where startRefusals is bare", async () => {
    const { simulator, registered } = await registrar();
    const client = createClient(simulator, await registered({ redirectUris }));
    simulator.switches.startRefusals = "bare";
    for (const wrong of [
      { redirect_uri: "https://new.example/back" },
      { acr_values: "None" },
      { scope: "other" },
    ]) {
      const { status, body } = await client.start("Single_Factor", wrong);
      expect([status, body.code, body.details]).toEqual([400, "INVALID_REQUEST", undefined]);
    }
    expect((await client.start("Single_Factor")).status).toBe(200);
  });
});

describe("pkceEnforcement", () => {
  const none = { code_challenge: undefined, code_challenge_method: undefined };
  const verifier = "plain-verifier-0123456789-0123456789-0123456789";
  const plain = { code_challenge: verifier, code_challenge_method: "plain" };

  it.each([
    ["OPTIONAL", none, undefined],
    ["OPTIONAL", {}, undefined],
    ["OPTIONAL", plain, undefined],
    ["OPTIONAL", { ...plain, code_challenge_method: undefined }, undefined],
    ["OPTIONAL", { code_challenge: undefined }, "code_challenge"],
    ["OPTIONAL", { ...plain, code_challenge: "short" }, "code_challenge"],
    ["OPTIONAL", { code_challenge_method: "S512" }, "code_challenge_method"],
    ["REQUIRED", none, "code_challenge"],
    ["REQUIRED", {}, undefined],
    ["REQUIRED", plain, undefined],
    ["S256_REQUIRED", none, "code_challenge_method"],
    ["S256_REQUIRED", plain, "code_challenge_method"],
    ["S256_REQUIRED", { code_challenge: undefined }, "code_challenge"],
    ["S256_REQUIRED", {}, undefined],
  ])("%s meets %o and complains about %s", async (pkceEnforcement, more, target) => {
    const { simulator, registered } = await registrar();
    const client = createClient(simulator, await registered({ redirectUris, pkceEnforcement }));
    const reply = await client.start("Single_Factor", more);
    expect([reply.status, detailOf(reply)?.target]).toEqual([target === undefined ? 200 : 400, target]);
  });

  it.each([
    [none, { code_verifier: undefined }, 200],
    [none, {}, 400],
    [{}, {}, 200],
    [{}, { code_verifier: undefined }, 400],
    [plain, { code_verifier: verifier }, 200],
    [plain, {}, 400],
    [plain, { code_verifier: undefined }, 400],
  ])("a code asked for with %o and shown with %o gives %i", async (asked, shown, status) => {
    const { simulator, registered } = await registrar();
    const client = createClient(simulator, await registered({ redirectUris }));
    await client.start("Single_Factor", asked);
    await client.password(people.passwordOnly);
    await client.resume();
    expect((await client.token(shown)).status).toBe(status);
  });
});
