import { describe, expect, it } from "vitest";
import type { ClaimRequest, FlowKey } from "../../lib/flow/store.ts";
import { type Bench, claimWith, flowWith, hold, now, rejected, stateWith } from "./bench.ts";

const pollAt = now + 2_000;
const waiting = stateWith({ status: "PUSH_CONFIRMATION_REQUIRED", next: ["device", "poll"] });

/** How every flow store keeps to the time before which a push is not polled. */
export function pollContract(bench: () => Bench): void {
  const polled = async (): Promise<FlowKey> => {
    const { store } = bench();
    const key = await store.create(flowWith({ state: waiting }));
    const claim = await hold(store, key, { step: "poll" });
    expect(claim.flow.pollAt).toBeUndefined();
    await claim.release({ jar: claim.jar, attemptReturned: false, state: waiting, pollAt });
    return key;
  };
  const poll = (key: FlowKey, at: number, overrides: Partial<ClaimRequest> = {}) =>
    bench().store.claim(claimWith(key, { step: "poll", now: at, until: at + 1, ...overrides }));

  describe("the time of a poll", () => {
    it("refuses a poll before it, and tells it", async () => {
      const key = await polled();
      expect(await poll(key, pollAt - 1)).toMatchObject({
        kind: "refused",
        found: { token: "current", flow: { pollAt, claim: undefined, next: waiting.next } },
      });
      expect(await poll(key, pollAt)).toMatchObject({ kind: "held", claim: { flow: { pollAt } } });
    });

    it("holds up no other step", async () => {
      expect(await poll(await polled(), pollAt - 1, { step: "device" })).toMatchObject({ kind: "held" });
    });

    it("stays where a claim is let go that brings none", async () => {
      const { store } = bench();
      const key = await polled();
      const claim = await hold(store, key, { step: "device" });
      await claim.release({ jar: claim.jar, attemptReturned: false, state: waiting });
      expect((await store.read(key))?.flow).toMatchObject({ pollAt });
    });

    it("goes with a commit that brings none, and is the newer one's with a commit that does", async () => {
      const { store } = bench();
      const key = await polled();
      const device = await hold(store, key, { step: "device" });
      const committed = { state: waiting, jar: device.jar, reply: rejected };
      const first = { ...key, flowToken: (await device.commit(committed)).flowToken };
      expect((await store.read(first))?.flow?.pollAt).toBeUndefined();

      const claim = await hold(store, first, { step: "poll" });
      const second = await claim.commit({ ...committed, pollAt: pollAt + 1 });
      expect((await store.read({ ...key, ...second }))?.flow).toMatchObject({ pollAt: pollAt + 1 });
    });
  });
}
