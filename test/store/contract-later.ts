import { describe, expect, it } from "vitest";
import { ViewSchema } from "../../lib/store/secrets.ts";
import { type Bench, claimIn, claimWith, flowWith, hold, lease, now, stateWith, take } from "./bench.ts";

/** What every flow store makes of words in a row that only a later release knows. */
export function laterReleaseContract(bench: () => Bench): void {
  describe("a row of a later release", () => {
    it("is read and taken on without the steps and details that nobody here knows", async () => {
      const { store, row, tamper } = bench();
      const key = await store.create(flowWith());
      await tamper(key.flowId, "next", ["levitate", "otp"]);
      await tamper(key.flowId, "view.more", ["aura", "agreement"]);

      const found = await store.read(key);
      expect(found?.flow).toMatchObject({ next: ["otp"], details: { more: ["agreement"] } });
      expect(await row(key.flowId)).toMatchObject({ next: ["levitate", "otp"] });
      const after = await take(store, key);
      expect((await store.read(after))?.flow?.next).toEqual(stateWith().next);
    });

    it("stays its own while it takes a step that nobody here knows, and when nobody knows how it ended", async () => {
      const { store, row, tamper } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(store, key);
      const { id, until } = claimIn(claim.flow);
      await tamper(key.flowId, "claim.step", "levitate");
      const before = await row(key.flowId);
      const held = { id, until, doubtful: false };

      expect((await store.read(key))?.flow?.claim).toEqual({ ...held, step: undefined });
      for (const at of [now, now + 2 * lease]) {
        expect(await store.claim(claimWith(key, { now: at, until: at + lease }))).toMatchObject({
          kind: "refused",
          found: { token: "current", flow: { next: ["otp", "device"], claim: held } },
        });
      }
      expect(await row(key.flowId)).toEqual(before);
    });
  });

  it("leaves such steps out of an answer that is given again", () => {
    const view = { flowId: "f", status: "OTP_REQUIRED", expiresAt: "2026-09-21T12:00:00.000Z" };
    expect(ViewSchema.parse({ ...view, next: ["levitate", "otp"] })).toEqual({ ...view, next: ["otp"] });
  });
}
