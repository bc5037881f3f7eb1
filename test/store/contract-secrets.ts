import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { viewOf } from "../../lib/flow/flow.ts";
import { canonicalRequest, steps } from "../../lib/flow/steps.ts";
import type { FlowKey } from "../../lib/flow/store.ts";
import { Canaries } from "../support/canaries.ts";
import { type Bench, claimWith, flowWith, hold, jarWith, now, rejected, stateWith, take } from "./bench.ts";
import { leavesOf, sizeOf } from "./dump.ts";

const password = canonicalRequest(
  steps.password.command({ username: "ada", password: "correct horse battery" }),
);
const jar = jarWith({ code: "authorization-code-of-ada" });

/** What a thief of the table gets from every flow store: nothing. */
export function secretsContract(bench: () => Bench): void {
  /** Everything in the table that a thief could look for these secrets in. */
  async function loot(keys: readonly FlowKey[]) {
    const dump = await bench().dump();
    const leaves = dump.flatMap(leavesOf);
    const tokens = keys.map(({ flowToken }) => Buffer.from(flowToken, "base64url"));
    const plainHash = createHash("sha256").update(password, "utf8").digest();
    const texts = [
      ...jar.cookies.map(({ value }) => value),
      ...[jar.upstreamFlowId, jar.state, jar.nonce, "authorization-code-of-ada", password, "correct horse"],
      ...keys.map(({ flowToken }) => flowToken),
    ];
    const canaries = new Canaries();
    for (const secret of [...texts, ...tokens, plainHash]) canaries.add(String(secret), secret);
    return {
      found: canaries.in(dump),
      hashes: tokens.filter((token) =>
        leaves.some((leaf) => leaf.equals(createHash("sha256").update(token).digest())),
      ).length,
    };
  }

  describe("a dump of the table", () => {
    it("holds no secret at any point of a flow's life", async () => {
      const { store } = bench();
      const first = await store.create(flowWith({ jar }));
      expect(await loot([first])).toEqual({ found: [], hashes: 1 });

      const claim = await hold(store, first, { canonical: password });
      expect(await loot([first])).toEqual({ found: [], hashes: 1 });

      const authorized = { kind: "authorized", flowId: first.flowId, status: "RESUMED" } as const;
      const code = "authorization-code-of-ada";
      const reply = { ...authorized, code, state: jar.state, nonce: jar.nonce, redirectUri: "app://back" };
      const { flowToken } = await claim.commit({ state: stateWith(), jar, reply });
      const keys = [first, { ...first, flowToken }];
      expect(await loot(keys)).toEqual({ found: [], hashes: 2 });

      const second = { ...first, flowToken };
      await (await hold(store, second, { canonical: password })).release({
        jar: jarWith(),
        attemptReturned: true,
      });
      const doubtful = await hold(store, second, { canonical: password });
      await doubtful.markDoubtful(jar);
      expect(await loot(keys)).toEqual({ found: [], hashes: 2 });

      await doubtful.expire(now);
      expect(await loot(keys)).toEqual({ found: [], hashes: 1 });
    });
  });

  describe("a jar", () => {
    it("opens for no other flow", async () => {
      const { store, copy } = bench();
      const key = await store.create(flowWith());
      const flowId = "8a5e2f2c-6f0e-4d60-9e3a-8e7f0e9f4f11";
      await copy(key.flowId, flowId);

      expect(await store.read({ ...key, flowId })).toMatchObject({ token: "current", jar: undefined });
      expect((await store.claim(claimWith({ ...key, flowId }))).kind).toBe("unusable");
    });

    it("opens in no other environment", async () => {
      const { store, foreign, tamper } = bench();
      const key = await store.create(flowWith());

      expect(await foreign.read(key)).toEqual({ token: "none", flow: undefined });
      expect(await foreign.claim(claimWith(key))).toMatchObject({
        kind: "refused",
        found: { token: "none" },
      });
      expect(await foreign.remove(key, now)).toMatchObject({ kind: "refused", found: { token: "none" } });
      expect(await store.read(key)).toMatchObject({ token: "current", jar: jarWith() });
      await tamper(key.flowId, "env", "production");
      expect(await foreign.read(key)).toMatchObject({ token: "current", jar: undefined });
    });

    it("opens with no other counter", async () => {
      const { store, tamper } = bench();
      const key = await store.create(flowWith());
      await tamper(key.flowId, "jar.counter", 1);

      expect(await store.read(key)).toMatchObject({ token: "current", jar: undefined });
    });

    it("is sealed under a higher counter by each commit", async () => {
      const { store, row } = bench();
      const key = await take(store, await take(store, await store.create(flowWith())));

      expect(await row(key.flowId)).toMatchObject({
        jar: { counter: 2 },
        previous: { reply: { counter: 2 } },
      });
    });
  });

  describe("a kept reply", () => {
    it("opens in no other environment and with no other counter", async () => {
      const { store, foreign, tamper } = bench();
      const key = await store.create(flowWith());
      await take(store, key);

      expect(await store.claim(claimWith(key))).toHaveProperty("found.replay.reply", rejected);
      await tamper(key.flowId, "env", "production");
      expect(await foreign.claim(claimWith(key))).toHaveProperty("found.replay", undefined);
      await tamper(key.flowId, "env", "test");
      await tamper(key.flowId, "previous.reply.counter", 7);
      expect(await store.claim(claimWith(key))).toHaveProperty("found.replay", undefined);
    });
  });

  describe("the row of a normal sign-on", () => {
    it("has at most 3 KB, with a claim and an answer to repeat", async () => {
      const { store, dump } = bench();
      const cookie = (name: string) => ({ name, value: "0".repeat(36), expiresAt: now + 60_000 });
      const device = (n: number) => ({ id: `${n}`.repeat(36), type: "EMAIL", hint: "jo****@example.com" });
      const details = { otpLength: 6, selectedDevice: "1".repeat(36), devices: [1, 2, 3].map(device) };
      const state = stateWith({ details });
      const full = jarWith({
        cookies: [cookie("ST"), cookie("interactionId")],
        ...{ upstreamFlowId: "0".repeat(36), state: "s".repeat(43), nonce: "n".repeat(43) },
      });
      const key = await store.create(flowWith({ state, jar: full }));
      const { flowId } = key;
      const claim = await hold(store, key);
      const view = viewOf(flowId, state);
      const { flowToken } = await claim.commit({ state, jar: full, reply: { kind: "view", view } });
      await (await hold(store, { flowId, flowToken })).markDoubtful(full);
      const size = sizeOf((await dump()).find(({ pk }) => JSON.stringify(pk).includes(flowId)) ?? {});

      expect(size).toBeGreaterThan(1000);
      expect(size).toBeLessThanOrEqual(3072);
    });
  });
}
