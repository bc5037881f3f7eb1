import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { callApi, type FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;

async function resumed(application: string): Promise<FlowClient> {
  const client = product.client();
  await client.start({ application, policy: "Single_Factor" });
  await client.step("password", { username, password });
  await client.step("resume");
  return client;
}

async function refreshed(refreshToken: string | undefined) {
  return callApi(product.api, "POST", "/tokens", { body: { application: "office", refreshToken } });
}

function actionsSince(before: number): string[] {
  return product.simulator.calls.slice(before).map(({ action }) => action);
}

describe("DELETE on a resumed flow of an application that ends sessions", () => {
  it("signs the person off, so that the session's tokens end, and forgets the flow", async () => {
    const client = await resumed("office");
    const { body } = await client.step("token", { codeVerifier: client.pkce.verifier });
    const before = product.simulator.calls.length;
    expect((await client.cancel()).http).toBe(204);
    const [signOff, ...others] = product.simulator.calls.slice(before);
    expect([signOff?.action, signOff?.status, others]).toEqual(["signoff", 302, []]);
    expect(Object.keys(signOff?.cookies ?? {})).toContain("ST");
    expect(await product.rowOf(client.flowId)).toBeUndefined();
    expect((await refreshed(body.refresh_token)).body).toMatchObject({ error: "refresh-rejected" });
  });

  it("does so before the code is redeemed as well", async () => {
    const client = await resumed("office");
    const before = product.simulator.calls.length;
    expect((await client.cancel()).http).toBe(204);
    expect(actionsSince(before)).toEqual(["signoff"]);
  });

  it.each([
    ["is cut off", { kind: "reset", applied: false }, "upstream-unavailable"],
    ["is cut off once PingOne has acted", { kind: "reset", applied: true }, "upstream-unavailable"],
    ["is answered by 503", { kind: "status", status: 503 }, "upstream-unavailable"],
    ["is answered by 429", { kind: "status", status: 429, retryAfter: 7 }, "rate-limited"],
  ] as const)("keeps the flow where it %s, so that it can be sent again", async (_, fault, error) => {
    const client = await resumed("office");
    product.simulator.faults.script({ on: "signoff", ...fault });
    expect((await client.cancel()).body).toMatchObject({ error, retryable: true });
    product.clock.advance(8_000);
    expect((await client.cancel()).http).toBe(204);
  });

  it("does so beside the largest cookies and the longest code that there are", async () => {
    const client = product.client();
    await client.start({ application: "office", policy: "Single_Factor" });
    const state = new URLSearchParams(product.simulator.calls.at(-1)?.body).get("state");
    const setCookie = ["a", "b", "c", "d"].map((name) => `${name}=${"v".repeat(680)}; Path=/`);
    product.simulator.faults.script({ on: "usernamePassword.check", kind: "extra-cookies", setCookie });
    await client.step("password", { username, password });
    const body = { authorizeResponse: { code: "c".repeat(1024), state } };
    product.simulator.faults.script({ on: "resume", kind: "reply", status: 200, body });
    expect((await client.step("resume")).body.code).toHaveLength(1024);
    expect((await client.cancel()).http).toBe(204);
    const { action, cookies } = product.simulator.calls.at(-1) ?? {};
    expect([action, Object.keys(cookies ?? {})]).toEqual(["signoff", expect.arrayContaining(["ST"])]);
  });

  it("asks PingOne nothing for somebody else's token", async () => {
    const client = await resumed("office");
    const before = product.simulator.calls.length;
    expect((await client.cancel("A".repeat(43))).body).toMatchObject({ error: "flow-not-found" });
    expect(actionsSince(before)).toEqual([]);
  });
});

describe("DELETE of another flow", () => {
  it("asks PingOne nothing where the application leaves sessions alone", async () => {
    const client = await resumed("web");
    const before = product.simulator.calls.length;
    expect((await client.cancel()).http).toBe(204);
    expect(actionsSince(before)).toEqual([]);
  });

  it("asks PingOne nothing before the flow has been resumed", async () => {
    const client = product.client();
    await client.start({ application: "office", policy: "Single_Factor" });
    await client.step("password", { username, password });
    const before = product.simulator.calls.length;
    expect((await client.cancel()).http).toBe(204);
    expect(actionsSince(before)).toEqual([]);
  });
});

describe("a resumed flow", () => {
  it("keeps PingOne's cookies only where they are to end the session", async () => {
    const [kept, dropped] = await Promise.all([resumed("office"), resumed("web")]);
    const sizes = await Promise.all(
      [kept, dropped].map(
        async ({ flowId }) => JSON.stringify((await product.rowOf(flowId))?.["jar"]).length,
      ),
    );
    expect(sizes[0]).toBeGreaterThan(Number(sizes[1]));
  });
});
