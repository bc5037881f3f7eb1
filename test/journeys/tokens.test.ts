import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ClientSecrets } from "../../lib/flow/client-secrets.ts";
import { people } from "../simulator/people.ts";
import { callApi, type FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { claimsOf } from "../support/redeem.ts";
import { registered, registeredSecrets, standInApplications } from "../support/stand-in.ts";

const { username, password } = people.passwordOnly;

/** Secrets, of which one can be another or missing; and which of them PingOne has turned down. */
const shelf = { wrong: new Map<string, string | undefined>(), forgotten: [] as readonly string[] };
const secrets: ClientSecrets = {
  of: async (name) => (shelf.wrong.has(name) ? shelf.wrong.get(name) : registeredSecrets.get(name)),
  forget: (name) => {
    shelf.forgotten = [...shelf.forgotten, name];
  },
};

let product: Product;
beforeAll(async () => {
  const applications: Record<string, object> = JSON.parse(standInApplications);
  const open = { ...applications["mobile"], clientAuthentication: "none" };
  const APPLICATIONS = JSON.stringify({ ...applications, open });
  product = await createProduct({ APPLICATIONS }, { secrets });
});
afterEach(() => {
  product.simulator.faults.clear();
  shelf.wrong.clear();
  shelf.forgotten = [];
  product.clock.advance(60_000);
});
afterAll(() => product?.close());

/** A client whose flow for an application has been resumed. */
async function resumed(application: string): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy: "Single_Factor", application });
  await client.step("password", { username, password });
  const { body } = await client.step("resume");
  expect(body.next).toEqual(["token"]);
  return client;
}

function redeem(client: FlowClient, token = client.token) {
  return client.step("token", { codeVerifier: client.pkce.verifier }, token);
}

function callsToTokens(): number {
  return product.simulator.calls.filter(({ action }) => action === "token").length;
}

function claims(idToken = "", of: keyof typeof registered = "office") {
  const { clientId } = registered[of];
  const judgement = { baseUrl: product.simulator.baseUrl, clientIds: [clientId], now: product.clock.now() };
  return claimsOf(idToken, judgement);
}

describe("POST /flows/{flowId}/token", () => {
  it.each(["open", "web", "office"])(
    "redeems the code as the application proves itself: %s",
    async (name) => {
      const client = await resumed(name);
      const reply = await redeem(client);
      expect(reply.http).toBe(200);
      expect(reply.headers.get("cache-control")).toBe("no-store");
      expect(reply.body).toMatchObject({ flowId: client.flowId, status: "RESUMED", token_type: "Bearer" });
      expect(await product.redeem(client, reply)).toMatchObject({ preferred_username: username });
    },
  );

  it("keeps no token of PingOne's, and none of the code, in the row", async () => {
    const client = await resumed("office");
    const { body } = await redeem(client);
    const row = JSON.stringify(await product.rowOf(client.flowId), (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );
    for (const token of [body.access_token, body.id_token, body.refresh_token]) {
      expect(token).toEqual(expect.any(String));
      expect(row).not.toContain(token);
    }
    expect((await client.status()).body).toMatchObject({ status: "RESUMED", next: [] });
    expect((await client.step("resume")).body).toMatchObject({ error: "wrong-step" });
  });

  it("is not offered for an application that redeems by itself", async () => {
    const client = product.client();
    await client.start({ policy: "Single_Factor" });
    await client.step("password", { username, password });
    expect((await client.step("resume")).body.next).toBeUndefined();
    expect((await redeem(client)).body).toMatchObject({ error: "wrong-step" });
  });

  it("gives its answer once: the same request again is told that it is lost", async () => {
    const client = await resumed("web");
    const { token } = client;
    expect((await redeem(client)).http).toBe(200);
    const asked = callsToTokens();
    const again = await redeem(client, token);
    expect(again.body).toMatchObject({ error: "restart-required", flow: { status: "RESUMED", next: [] } });
    expect(callsToTokens()).toBe(asked);
  });

  it("turns down another verifier without asking PingOne, and takes the right one then", async () => {
    const client = await resumed("web");
    const asked = callsToTokens();
    const wrong = await client.step("token", { codeVerifier: "A".repeat(43) });
    expect(wrong.body).toMatchObject({
      error: "request-invalid",
      fields: [{ name: "codeVerifier", reason: "malformed" }],
    });
    expect(callsToTokens()).toBe(asked);
    expect((await redeem(client)).http).toBe(200);
  });

  it.each([
    ["is lost on the way there", { kind: "reset", applied: false }],
    ["is lost on the way back", { kind: "reset", applied: true }],
    ["can't be read", { kind: "unreadable" }],
    ["is a 500", { kind: "status", status: 500 }],
  ] as const)("ends the flow where PingOne's answer %s", async (_, fault) => {
    const client = await resumed("web");
    product.simulator.faults.script({ on: "token", ...fault });
    expect((await redeem(client)).body).toMatchObject({ error: "restart-required" });
    expect((await client.status()).body).toMatchObject({ status: "RESTART_REQUIRED", next: [] });
  });

  it("can be asked again where PingOne wants fewer calls, or no secret can be had", async () => {
    const client = await resumed("web");
    product.simulator.faults.script({ on: "token", kind: "status", status: 429, retryAfter: 2 });
    expect((await redeem(client)).body).toMatchObject({ error: "rate-limited" });
    product.clock.advance(2_000);
    shelf.wrong.set("web", undefined);
    const asked = callsToTokens();
    expect((await redeem(client)).body).toMatchObject({ error: "upstream-unavailable", retryable: true });
    expect(callsToTokens()).toBe(asked);
    shelf.wrong.clear();
    expect((await redeem(client)).http).toBe(200);
  });

  it("reads a secret anew that PingOne has turned down, and loses no code by it", async () => {
    const client = await resumed("web");
    shelf.wrong.set("web", "of last year");
    expect((await redeem(client)).body).toMatchObject({ error: "upstream-unavailable", retryable: true });
    expect(shelf.forgotten).toEqual(["web"]);
    shelf.wrong.clear();
    expect((await redeem(client)).http).toBe(200);
  });
});

describe("POST /tokens", () => {
  const refresh = (refreshToken: string, application = "office") =>
    callApi(product.api, "POST", "/tokens", { body: { application, refreshToken } });

  async function signedOn(): Promise<string> {
    const client = await resumed("office");
    return (await redeem(client)).body.refresh_token ?? "";
  }

  it("gives new tokens, each once", async () => {
    const first = await signedOn();
    const reply = await refresh(first);
    expect(reply.http).toBe(200);
    expect(reply.body).toMatchObject({ token_type: "Bearer", refresh_token: expect.any(String) });
    expect(Object.keys(reply.body)).not.toContain("flowToken");
    expect(await claims(reply.body.id_token)).toMatchObject({ preferred_username: username });
    expect((await refresh(first)).body).toMatchObject({ error: "refresh-rejected", retryable: false });
    // The second use took the family along.
    expect((await refresh(reply.body.refresh_token ?? "")).body).toMatchObject({ error: "refresh-rejected" });
  });

  it("asks once, and says that nobody knows where the answer is lost", async () => {
    const token = await signedOn();
    const asked = callsToTokens();
    product.simulator.faults.script({ on: "token", kind: "reset", applied: true });
    expect((await refresh(token)).body).toMatchObject({ error: "outcome-unknown", retryable: false });
    expect(callsToTokens()).toBe(asked + 1);
  });

  it("is for applications with a secret", async () => {
    const asked = callsToTokens();
    for (const application of ["mobile", "open", "nobody", "__proto__"]) {
      const { http, body } = await refresh("a-token", application);
      expect([http, body.fields]).toEqual([400, [{ name: "application", reason: "unknown" }]]);
    }
    expect(callsToTokens()).toBe(asked);
  });

  it("logs no token, and has a line of its own", async () => {
    const token = await signedOn();
    const { body } = await refresh(token);
    const lines = JSON.stringify(product.log);
    for (const secret of [token, body.access_token, body.id_token, body.refresh_token]) {
      expect(lines).not.toContain(secret);
    }
    expect(product.log.at(-1)).toMatchObject({ step: "refresh", outcome: "refreshed", httpStatus: 200 });
  });
});

it("POST /tokens counts the network, since it names nobody", async () => {
  const limited = await createProduct({ NETWORK_LIMIT: "2", LIMIT_WINDOW_SECONDS: "60" });
  try {
    const body = { application: "office", refreshToken: "nobody-s" };
    const errors: unknown[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      errors.push((await callApi(limited.api, "POST", "/tokens", { body })).body.error);
    }
    expect(errors).toEqual(["refresh-rejected", "refresh-rejected", "rate-limited"]);
    expect(limited.simulator.calls.map(({ action }) => action)).toEqual(["token", "token"]);
  } finally {
    await limited.close();
  }
});
