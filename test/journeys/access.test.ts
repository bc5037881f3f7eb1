import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { type ApiReply, callApi, FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const strangersToken = "A".repeat(43);

function bytes({ http, headers, text }: ApiReply): unknown {
  const kept = [...headers].filter(([name]) => name !== "date" && name !== "x-request-id");
  const requestId = headers.get("x-request-id") ?? "none";
  return { http, headers: kept, text: text.replaceAll(requestId, "REQUEST") };
}

describe("a request without the flow's token", () => {
  const requests = [
    ["GET", "", undefined],
    ["DELETE", "", undefined],
    ["POST", "/lookup", { username }],
    ["POST", "/password", { username, password }],
    ["POST", "/otp", { otp: "123456" }],
    ["POST", "/device", { deviceId: people.emailOtp.devices[0].id }],
    ["POST", "/resume", undefined],
  ] as const;

  it.each(requests)("%s %s tells nobody that a flow exists", async (method, path, body) => {
    const client = product.client();
    await client.start();
    const live = client.flowId;
    const gone = product.client();
    await gone.start();
    product.clock.advance(16 * 60_000);
    const calls = product.simulator.calls.length;
    const expired = gone.flowId;
    const fresh = product.client();
    await fresh.start();
    const replies: unknown[] = [];
    for (const flowId of [live, expired, fresh.flowId, randomUUID()]) {
      replies.push(
        bytes(await callApi(product.api, method, `/flows/${flowId}${path}`, { body, token: strangersToken })),
      );
    }
    expect(replies[0]).toMatchObject({ http: 404 });
    expect(JSON.stringify(replies[0])).toContain("flow-not-found");
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(product.simulator.calls).toHaveLength(calls + 1);
  });
});

describe("expiry", () => {
  it("slides with every answer: deadline and ttl follow", async () => {
    const client = product.client();
    const deadlines: number[] = [];
    const note = async (expiresAt: string | undefined) => {
      const row = await product.rowOf(client.flowId);
      expect(row?.["deadline"]).toBe(Date.parse(expiresAt ?? ""));
      expect(row?.["ttl"]).toBe(Math.ceil(Number(row?.["deadline"]) / 1_000));
      deadlines.push(Number(row?.["deadline"]));
    };
    await note((await client.start({ policy: "Multi_Factor" })).body.expiresAt);
    product.clock.advance(60_000);
    const { username: name } = people.smsOtp;
    await note((await client.step("password", { username: name, password })).body.expiresAt);
    product.clock.advance(120_000);
    await note((await client.step("otp", { otp: product.code(name) })).body.expiresAt);
    expect(deadlines.map((deadline) => deadline - (deadlines[0] ?? 0))).toEqual([0, 60_000, 180_000]);
  });

  it("refuses an expired row that is still there, and asks PingOne nothing", async () => {
    const client = product.client();
    await client.start();
    const row = await product.rowOf(client.flowId);
    product.clock.advance(Number(row?.["deadline"]) - product.clock.now());
    const calls = product.simulator.calls.length;
    for (const reply of [
      await client.step("password", { username, password }),
      await client.status(),
      await client.cancel(),
    ]) {
      expect(reply.http).toBe(410);
      expect(reply.body).toMatchObject({ error: "flow-expired", flowEnded: true });
    }
    expect(await product.rowOf(client.flowId)).toEqual(row);
    expect(product.simulator.calls).toHaveLength(calls);
  });

  it("ends a flow an hour after it began, however often PingOne slides it", async () => {
    const { username: name } = people.twoDevices;
    const walker = product.client();
    await walker.start({ policy: "Multi_Factor" });
    const from = product.clock.now();
    await walker.step("password", { username: name, password });
    for (let round = 0; round < 4; round += 1) {
      product.clock.advance(14 * 60_000);
      await walker.step("device", { deviceId: people.twoDevices.devices[0].id });
    }
    expect((await product.rowOf(walker.flowId))?.["deadline"]).toBe(from + 60 * 60_000);
    product.clock.advance(4 * 60_000);
    expect((await walker.status()).body).toMatchObject({ error: "flow-expired" });
  });
});

describe("a step", () => {
  it("that the flow does not offer is refused by name, and spends nothing", async () => {
    const client = product.client();
    await client.start();
    const calls = product.simulator.calls.length;
    for (const [step, body] of [
      ["otp", { otp: "123456" }],
      ["lookup", { username }],
      ["resume", undefined],
    ] as const) {
      expect((await client.step(step, body)).body).toMatchObject({ error: "wrong-step" });
    }
    expect((await product.rowOf(client.flowId))?.["attempts"]).toBe(0);
    expect(product.simulator.calls).toHaveLength(calls);
  });

  it("is refused before PingOne is asked when the flow's attempts are used up", async () => {
    const other = await createProduct({ ATTEMPT_LIMIT: "2" });
    try {
      const client = new FlowClient(other.api);
      await client.start();
      await client.step("password", { username, password: "wrong" });
      await client.step("password", { username, password: "wrong too" });
      const calls = other.simulator.calls.length;
      const third = await client.step("password", { username, password });
      expect(third.http).toBe(429);
      expect(third.body).toMatchObject({ error: "attempts-exhausted", flowEnded: true, retryable: false });
      expect(other.simulator.calls).toHaveLength(calls);
    } finally {
      await other.close();
    }
  });

  it("with a code of the wrong length or an unknown device is turned down without PingOne, and costs nothing", async () => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    await client.step("lookup", { username: people.emailOtp.username });
    const calls = product.simulator.calls.length;
    expect((await client.step("otp", { otp: "12345678" })).body).toMatchObject({
      error: "request-invalid",
      fields: [{ name: "otp", reason: "malformed" }],
    });
    expect((await client.step("device", { deviceId: "somebody-elses" })).body).toMatchObject({
      error: "request-invalid",
      fields: [{ name: "deviceId", reason: "unknown" }],
    });
    expect((await product.rowOf(client.flowId))?.["attempts"]).toBe(1);
    expect(product.simulator.calls).toHaveLength(calls);
    await client.step("otp", { otp: product.code(people.emailOtp.username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: people.emailOtp.username });
  });
});
