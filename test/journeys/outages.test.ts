import { describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { engineKinds } from "../support/engines.ts";
import { startLossyProxy } from "../support/lossy-proxy.ts";
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
        next: ["password", "reset"],
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
      for (const [reply, attemptCounted] of [
        // A write may have come through though its reply didn't.
        [await client.step("password", { username, password }), null],
        [await client.status(), false],
        [await client.cancel(), false],
      ] as const) {
        expect(reply.http).toBe(503);
        expect(reply.body).toMatchObject({ error: "upstream-unavailable", retryable: true, attemptCounted });
      }
      expect(broken.simulator.calls).toHaveLength(calls);
    } finally {
      await broken.close();
    }
  });

  it("for the replies to a claim alone leaves it open whether an attempt was counted", async () => {
    const [kind] = engineKinds;
    const engine = await kind?.start();
    if (engine === undefined) throw new Error("There is no engine for this machine.");
    const proxy = await startLossyProxy(engine.endpoint);
    const startEngine = async () => ({ ...engine, endpoint: proxy.endpoint });
    const lossy = await createProduct({}, { startEngine, switches: { cookiesAt: "authorize" } });
    try {
      const client = lossy.client();
      await client.start();
      const calls = lossy.simulator.calls.length;
      for (const _ of Array(3)) proxy.loseNextReply("UpdateItem");
      const reply = await client.step("password", { username, password });
      expect(reply.body).toMatchObject({
        ...{ error: "upstream-unavailable", retryable: true, attemptCounted: null },
      });
      expect(reply.text).not.toMatch(/nothing was/i);
      expect(await lossy.rowOf(client.flowId)).toMatchObject({ attempts: 1, claim: { step: "password" } });
      // The same request is safe, as often as it comes: it meets its own claim.
      expect((await client.step("password", { username, password })).body).toMatchObject({
        ...{ error: "step-in-progress", retryable: true, attemptCounted: false },
      });
      lossy.clock.advance(17_000);
      const settled = await client.step("password", { username, password });
      expect(settled.body).toMatchObject({ settled: "no-progress" });
      expect(lossy.simulator.calls.slice(calls).map(({ action }) => action)).toEqual(["read"]);
      expect((await client.step("password", { username, password })).body.status).toBe("COMPLETED");
      for (const _ of Array(3)) proxy.loseNextReply("UpdateItem");
      // A resume counts no attempt, whatever became of its claim.
      expect((await client.step("resume")).body).toMatchObject({
        ...{ error: "upstream-unavailable", attemptCounted: false },
      });
    } finally {
      await lossy.close();
      await proxy.stop();
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
