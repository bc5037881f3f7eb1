import { describe, expect, it } from "vitest";
import type { ClaimRequest } from "../../lib/flow/store.ts";
import { type Bench, claimWith, deadline, flowWith, hold, jarWith, lease, now, take } from "./bench.ts";

const otherToken = "A".repeat(43);

/** What every flow store refuses, and what it tells then. */
export function refusalContract(bench: () => Bench): void {
  describe("a claim", () => {
    it.each<[string, Partial<ClaimRequest>, unknown]>([
      ["a flow it doesn't have", { flowId: "unknown" }, undefined],
      ["a wrong token", { flowToken: otherToken }, { token: "none", flow: undefined }],
      ["a token that can't be one", { flowToken: "short" }, undefined],
      [
        "a step that isn't offered",
        { step: "password" },
        { token: "current", flow: { next: ["otp", "device"] } },
      ],
      ["a flow at its deadline", { now: deadline }, { token: "current", flow: { deadline } }],
      ["an attempt limit already reached", { attemptLimit: 0 }, { token: "current", flow: { attempts: 0 } }],
    ])("is refused for %s", async (_, overrides, found) => {
      const { store, row } = bench();
      const key = await store.create(flowWith());
      const before = await row(key.flowId);
      const result = await store.claim(claimWith(key, overrides));

      expect(result).toMatchObject({ kind: "refused", found });
      expect(await row(key.flowId)).toEqual(before);
    });

    it("learns the reason from the refused write, or from one read where the engine doesn't bring it", async () => {
      const { store, lossy, proxy, bringsItem } = bench();
      const key = await store.create(flowWith());
      proxy.operations();
      await lossy.claim(claimWith(key, { step: "password" }));

      expect(proxy.operations()).toEqual(bringsItem ? ["UpdateItem"] : ["UpdateItem", "GetItem"]);
    });

    it("is granted in the last millisecond and to an attempt below the limit", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());

      expect((await hold(store, key, { now: deadline - 1, attemptLimit: 1 })).flow.attempts).toBe(1);
    });

    it("is refused while another is live, and even when that one's lease has ended", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const { flow } = await hold(store, key);

      for (const later of [now, now + lease + 1]) {
        expect(await store.claim(claimWith(key, { now: later, step: "device" }))).toMatchObject({
          kind: "refused",
          found: { token: "current", flow: { claim: flow.claim }, jar: jarWith() },
        });
      }
    });

    it("is granted to exactly one of 64 at the same time", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const requests = Array.from({ length: 64 }, () => store.claim(claimWith(key, { attemptLimit: 64 })));
      const results = await Promise.all(requests);
      const held = results.flatMap((result) => (result.kind === "held" ? [result.claim] : []));
      const refused = results.flatMap((result) => (result.kind === "refused" ? [result.found] : []));

      expect(held).toHaveLength(1);
      expect(new Set(refused.map((found) => found?.flow?.claim?.id))).toEqual(
        new Set([held[0]?.flow.claim?.id]),
      );
      expect((await store.read(key))?.flow?.attempts).toBe(1);
    });

    it("counts attempts up to the limit, less those given back", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const limit = { attemptLimit: 2 };
      for (const attemptReturned of [false, true, false]) {
        await (await hold(store, key, limit)).release({ jar: jarWith(), attemptReturned });
      }

      expect(await store.claim(claimWith(key, limit))).toMatchObject({
        kind: "refused",
        found: { flow: { attempts: 2, claim: undefined } },
      });
      expect((await hold(store, key)).flow.attempts).toBe(2);
    });
  });

  describe("a row in a format this release doesn't read", () => {
    it("tells whose token was shown and nothing else", async () => {
      const { store, tamper, row } = bench();
      const old = await store.create(flowWith());
      const key = await take(store, old);
      await tamper(key.flowId, "v", 99);
      const before = await row(key.flowId);

      expect(await store.read(key)).toEqual({ token: "current", flow: undefined });
      expect(await store.read(old)).toEqual({ token: "previous", flow: undefined });
      expect(await store.read({ ...key, flowToken: otherToken })).toEqual({ token: "none", flow: undefined });
      expect(await store.claim(claimWith(key))).toEqual({
        kind: "refused",
        found: { token: "current", flow: undefined },
        isRetried: false,
      });
      expect(await row(key.flowId)).toEqual(before);
    });

    it("is told from one that merely doesn't fit its format", async () => {
      const { store, tamper } = bench();
      const key = await store.create(flowWith());
      await tamper(key.flowId, "attempts", "many");

      expect(await store.read(key)).toEqual({ token: "current", flow: undefined });
    });
  });

  describe("remove", () => {
    it("deletes a flow at its holder's word", async () => {
      const { store, row } = bench();
      const key = await store.create(flowWith());

      expect(await store.remove(key, now)).toEqual({ kind: "removed", status: "OTP_REQUIRED" });
      expect(await row(key.flowId)).toBeUndefined();
      expect(await store.remove(key, now)).toEqual({ kind: "refused", found: undefined });
    });

    it("deletes a flow with a doubt or with a claim that has run out", async () => {
      const { store } = bench();
      const doubtful = await store.create(flowWith());
      await (await hold(store, doubtful)).markDoubtful(jarWith());
      const abandoned = await store.create(flowWith());
      await hold(store, abandoned);

      expect(await store.remove(doubtful, now)).toEqual({ kind: "removed", status: "OTP_REQUIRED" });
      expect(await store.remove(abandoned, now + lease)).toEqual({ kind: "removed", status: "OTP_REQUIRED" });
    });

    it("leaves a flow with a live claim", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const { flow } = await hold(store, key);

      expect(await store.remove(key, now + lease - 1)).toMatchObject({
        kind: "refused",
        found: { token: "current", flow: { claim: flow.claim } },
      });
      expect(await store.read(key)).toMatchObject({ token: "current" });
    });

    it("leaves the flow of another token, of the previous one, and an expired one", async () => {
      const { store } = bench();
      const old = await store.create(flowWith());
      const key = await take(store, old);
      const none = { kind: "refused", found: { token: "none", flow: undefined } };

      expect(await store.remove({ ...key, flowToken: otherToken }, now)).toEqual(none);
      expect(await store.remove({ ...key, flowToken: "short" }, now)).toEqual({
        kind: "refused",
        found: undefined,
      });
      expect(await store.remove(old, now)).toMatchObject({ kind: "refused", found: { token: "previous" } });
      expect(await store.remove(key, deadline)).toMatchObject({
        kind: "refused",
        found: { token: "current" },
      });
      expect(await store.read(key)).toMatchObject({ token: "current" });
    });
  });
}
