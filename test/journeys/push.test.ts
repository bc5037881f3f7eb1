import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

const { username, password } = people.push;

async function pushed(): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy: "Multi_Factor" });
  const reply = await client.step("password", { username, password });
  expect(reply.body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED", next: ["device"] });
  expect(reply.body["fallback"]).toBeUndefined();
  return client;
}

async function answer(word: "approve" | "deny" | "timeout"): Promise<void> {
  const url = `${product.simulator.origin}/_simulator/push/${username}`;
  expect((await fetch(url, { method: "POST", body: JSON.stringify({ answer: word }) })).status).toBe(200);
}

describe("GET /flows/{flowId}, while a push waits", () => {
  it("asks PingOne, keeps the token, and slides the expiry", async () => {
    const client = await pushed();
    const { token } = client;
    product.clock.advance(60_000);
    const before = product.simulator.calls.length;
    const reply = await client.status();
    expect(reply.body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED", next: ["device"] });
    expect(reply.body.flowToken).toBeUndefined();
    expect(product.simulator.calls.slice(before).map(({ action }) => action)).toEqual(["read"]);
    const row = await product.rowOf(client.flowId);
    expect(row).toMatchObject({ deadline: Date.parse(reply.body.expiresAt ?? ""), attempts: 1 });
    expect(row?.["claim"]).toBeUndefined();
    expect(client.token).toBe(token);
  });

  it("sees the approval, with the cookie that came with it", async () => {
    const client = await pushed();
    await answer("approve");
    const reply = await client.status();
    expect(reply.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
    client.token = reply.body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("gives the approval again when its reply was lost", async () => {
    const client = await pushed();
    const { token } = client;
    await answer("approve");
    const first = await client.status();
    const before = product.simulator.calls.length;
    const again = await client.status(token);
    expect(again.text).toBe(first.text);
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("sees the refusal", async () => {
    const client = await pushed();
    await answer("deny");
    expect((await client.status()).body).toMatchObject({ error: "flow-failed", flowEnded: true });
  });

  it("sees the time-out, after which the push can be sent again", async () => {
    const client = await pushed();
    await answer("timeout");
    const reply = await client.status();
    expect(reply.body).toMatchObject({ status: "PUSH_CONFIRMATION_TIMED_OUT", next: ["device"] });
    client.token = reply.body.flowToken ?? "";
    const again = await client.step("device", { deviceId: people.push.devices[0].id });
    expect(again.body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED" });
  });

  it("is one call for many readers at once, and PingOne down costs nothing", async () => {
    const client = await pushed();
    const before = product.simulator.calls.length;
    product.simulator.faults.script({ on: "read", kind: "delay", ms: 100, applied: "before" });
    const replies = await Promise.all([client.status(), client.status(), client.status(), client.status()]);
    for (const { http, body } of replies) {
      expect([http, body.status]).toEqual([200, "PUSH_CONFIRMATION_REQUIRED"]);
      expect(body["pending"]).toBeUndefined();
    }
    expect(product.simulator.calls.length - before).toBeLessThanOrEqual(4);
    product.simulator.faults.script({ on: "read", kind: "status", status: 500 });
    expect((await client.status()).body).toMatchObject({ error: "upstream-unavailable", retryable: true });
    expect((await client.status()).body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED" });
  });
});
