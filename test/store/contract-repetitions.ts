import { describe, expect, it } from "vitest";
import { canonicalRequest, steps } from "../../lib/flow/steps.ts";
import type { FlowKey } from "../../lib/flow/store.ts";
import { type Bench, claimWith, deadline, flowWith, now, rejected, take } from "./bench.ts";

const superseded = { kind: "refused", found: { token: "previous", replay: undefined } };
const guess = (code: number) => ({ canonical: canonicalRequest(steps.otp.command({ otp: String(code) })) });

/** What a superseded token is good for: its own request, and few others. */
export function repetitionContract(bench: () => Bench): void {
  async function missesOf({ flowId }: FlowKey) {
    const { previous } = Object((await bench().row(flowId)) ?? {});
    return previous?.misses;
  }

  describe("a superseded token", () => {
    it("shuts its reply away at the fifth other request, and changes nothing else", async () => {
      const { store, row } = bench();
      const key = await store.create(flowWith());
      const next = await take(store, key);
      const before = await row(key.flowId);
      for (const code of [1000, 1001, 1002, 1003]) {
        expect(await store.claim(claimWith(key, guess(code)))).toMatchObject(superseded);
      }

      expect(await store.claim(claimWith(key))).toHaveProperty("found.replay.reply", rejected);
      expect(await missesOf(key)).toBe(4);
      expect(await store.claim(claimWith(key, guess(1004)))).toMatchObject(superseded);
      expect(await store.claim(claimWith(key))).toMatchObject(superseded);
      expect(await store.claim(claimWith(key, guess(1005)))).toMatchObject(superseded);
      const previous = { ...Object(before?.["previous"]), misses: 5 };
      expect(await row(key.flowId)).toEqual({ ...before, previous });
      expect((await store.claim(claimWith(next))).kind).toBe("held");
    });

    it("has no more guesses looked at where many come at once", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      await take(store, key);
      const guesses = Array.from({ length: 60 }, (_, code) =>
        store.claim(claimWith(key, guess(2000 + code))),
      );
      await Promise.all(guesses);

      expect(await missesOf(key)).toBe(5);
      expect(await store.claim(claimWith(key))).toMatchObject(superseded);
    });

    it("gives its own request the reply however often, and counts none of them", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      await take(store, key);
      const again = await Promise.all(Array.from({ length: 20 }, () => store.claim(claimWith(key))));

      for (const one of again) expect(one).toHaveProperty("found.replay.reply", rejected);
      expect(await missesOf(key)).toBe(0);
    });

    it("has its misses forgotten with it", async () => {
      const { store } = bench();
      const first = await store.create(flowWith());
      const second = await take(store, first);
      for (const code of [1, 2, 3, 4, 5]) await store.claim(claimWith(first, guess(3000 + code)));
      await take(store, second);

      expect(await missesOf(first)).toBe(0);
      expect(await store.claim(claimWith(second))).toHaveProperty("found.replay.reply", rejected);
    });

    it("is all that counts: nobody else's token does, nor its own once the flow is over", async () => {
      const { store, foreign, row } = bench();
      const first = await store.create(flowWith());
      const second = await take(store, first);
      const current = await take(store, second);
      const before = await row(first.flowId);
      const tokens = [first.flowToken, "A".repeat(43), "short", current.flowToken];
      for (const flowToken of tokens) {
        await store.claim(claimWith({ ...first, flowToken }, { ...guess(4000), step: "password" }));
      }
      await store.claim(claimWith(second, { ...guess(4001), now: deadline }));
      await foreign.claim(claimWith(second, guess(4002)));

      expect(await row(first.flowId)).toEqual(before);
    });

    it("costs no more than one write, and what takes a step none", async () => {
      const { store, lossy, proxy, bringsItem } = bench();
      const key = await store.create(flowWith());
      proxy.operations();
      await take(lossy, key);
      expect(proxy.operations()).toEqual(["UpdateItem", "UpdateItem"]);
      await lossy.claim(claimWith(key, guess(5000)));

      const reads = bringsItem ? [] : ["GetItem"];
      expect(proxy.operations()).toEqual(["UpdateItem", ...reads, "UpdateItem"]);
    });

    it("gives the reply that a release without this count has kept", async () => {
      const { store, tamper, row } = bench();
      const key = await store.create(flowWith());
      await take(store, key);
      const { check: _, misses: __, ...previous } = Object((await row(key.flowId))?.["previous"]);
      await tamper(key.flowId, "previous", previous);

      expect(await store.claim(claimWith(key, guess(6000)))).toMatchObject(superseded);
      expect(await store.claim(claimWith(key, { now: now + 1 }))).toHaveProperty(
        "found.replay.reply",
        rejected,
      );
      expect(await missesOf(key)).toBeUndefined();
    });
  });
}
