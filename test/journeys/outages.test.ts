import { describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { createProduct } from "../support/product.ts";

const { username, password } = people.passwordOnly;

describe("PingOne down", () => {
  it("is proved unsent: the flow is usable afterwards, and no attempt is counted", async () => {
    const down = await createProduct();
    try {
      const client = down.client();
      await client.start();
      await down.simulator.close();
      const reply = await client.step("password", { username, password });
      expect(reply.http).toBe(503);
      expect(reply.body).toMatchObject({
        error: "upstream-unavailable",
        retryable: true,
        attemptCounted: false,
      });
      expect((await client.status()).body).toMatchObject({
        status: "USERNAME_PASSWORD_REQUIRED",
        next: ["password"],
      });
      expect(await down.rowOf(client.flowId)).toMatchObject({ attempts: 0 });
      expect((await down.client().start()).body).toMatchObject({ error: "upstream-unavailable" });
    } finally {
      await down.close();
    }
  });
});

describe("the store down", () => {
  it("sends nothing to PingOne, and the request may be sent again", async () => {
    const broken = await createProduct();
    try {
      const client = broken.client();
      await client.start();
      const calls = broken.simulator.calls.length;
      await broken.stopEngine();
      for (const reply of [
        await client.step("password", { username, password }),
        await client.status(),
        await client.cancel(),
      ]) {
        expect(reply.http).toBe(503);
        expect(reply.body).toMatchObject({
          error: "upstream-unavailable",
          retryable: true,
          attemptCounted: false,
        });
      }
      expect(broken.simulator.calls).toHaveLength(calls);
    } finally {
      await broken.close();
    }
  });

  it("after PingOne has answered leaves the outcome unknown", async () => {
    let stopEngine = async () => {};
    const broken = await createProduct(
      {},
      {
        ports: ({ provider, ...ports }) => ({
          ...ports,
          provider: {
            ...provider,
            act: async (...call) => {
              const upstream = await provider.act(...call);
              await stopEngine();
              return upstream;
            },
          },
        }),
      },
    );
    stopEngine = broken.stopEngine;
    try {
      const client = broken.client();
      await client.start();
      const reply = await client.step("password", { username, password });
      expect(reply.http).toBe(503);
      expect(reply.body).toMatchObject({ error: "outcome-unknown" });
    } finally {
      await broken.close();
    }
  });
});
