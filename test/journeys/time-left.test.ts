import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const right = { username, password };
/** Nobody's, so that nobody is locked by it. */
const wrong = { username: "nobody@example.com", password };

async function started(policy = "Single_Factor"): Promise<FlowClient> {
  const client = product.client();
  expect((await client.start({ policy })).http).toBe(201);
  return client;
}

describe("what is left of a flow's life", () => {
  it("is told in whole seconds by our clock, rounded down, in every view", async () => {
    const client = product.client();
    const start = await client.start();
    const leftMs = Date.parse(start.body.expiresAt ?? "") - product.clock.now();
    expect(start.body.expiresIn).toBe(Math.floor(leftMs / 1_000));
    product.clock.advance(1);
    const expected = Math.floor((leftMs - 1) / 1_000);
    expect((await client.status()).body.expiresIn).toBe(expected);
    expect((await client.step("password", wrong)).body.flow?.expiresIn).toBe(start.body.expiresIn);
  });

  it("is less in a repetition that comes later, and the rest of it the same", async () => {
    const client = await started();
    const { token } = client;
    const first = await client.step("password", right);
    product.clock.advance(90_500);
    const again = await client.step("password", right, token);
    const seconds = `"expiresIn":${first.body.expiresIn}`;
    expect(first.text).toContain(seconds);
    expect(again.text).toBe(first.text.replace(seconds, `"expiresIn":${(first.body.expiresIn ?? 0) - 91}`));
  });

  it.each([
    ["runs ahead", 3_600_000],
    ["lags behind", -3_600_000],
  ])("and its end are ours, where PingOne's clock %s", async (_, skewMs) => {
    const skewed = (ports: FlowPorts): FlowPorts => ({
      ...ports,
      provider: {
        ...ports.provider,
        start: async (...call) => {
          const reply = await ports.provider.start(...call);
          if (reply.answer.kind !== "flow") return reply;
          const expiresAt = new Date(Date.parse(reply.answer.flow.expiresAt) + skewMs).toISOString();
          return { ...reply, answer: { kind: "flow", flow: { ...reply.answer.flow, expiresAt } } };
        },
      },
    });
    const other = await createProduct({}, { ports: skewed });
    try {
      const client = other.client();
      const { body } = await client.start();
      const deadline = Number((await other.rowOf(client.flowId))?.["deadline"]);
      expect(Date.parse(body.expiresAt ?? "")).toBe(deadline);
      expect(body.expiresIn).toBe(Math.floor((deadline - other.clock.now()) / 1_000));
    } finally {
      await other.close();
    }
  });

  it("ends an hour after the start, however long PingOne would go on", async () => {
    const { username: dora, devices } = people.twoDevices;
    const client = await started("Multi_Factor");
    const from = product.clock.now();
    await client.step("password", { username: dora, password });
    for (let round = 0; round < 4; round += 1) {
      product.clock.advance(14 * 60_000);
      await client.step("device", { deviceId: devices[0].id });
    }
    const { body } = await client.status();
    expect([Date.parse(body.expiresAt ?? ""), body.expiresIn]).toEqual([from + 3_600_000, 240]);
  });
});
