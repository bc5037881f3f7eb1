import { describe, expect, it } from "vitest";
import type { KnownClaim } from "../../lib/flow/flow.ts";
import { canonicalRequest, steps } from "../../lib/flow/steps.ts";
import type { FlowKey, FlowStore, HeldClaim, TakeOverRequest } from "../../lib/flow/store.ts";
import {
  type Bench,
  canonical,
  claimIn,
  claimWith,
  deadline,
  flowWith,
  hold,
  jarWith,
  lease,
  now,
  rejected,
  stateWith,
} from "./bench.ts";

const later = now + lease;

async function doubtful(
  store: FlowStore,
  step: "otp" | "resume" = "otp",
): Promise<{ key: FlowKey; seen: KnownClaim }> {
  const state = stateWith({ next: ["otp", "resume"] });
  const key = await store.create(flowWith({ state }));
  const claim = await hold(store, key, { step, attemptLimit: 3 });
  await claim.markDoubtful(claim.jar);
  return { key, seen: { ...seenIn(claim), doubtful: true } };
}

function seenIn({ flow }: HeldClaim): KnownClaim {
  return claimIn(flow);
}

function settleWith(
  key: FlowKey,
  seen: KnownClaim,
  overrides: Partial<TakeOverRequest> = {},
): TakeOverRequest {
  return { ...key, seen, now, until: later, ...overrides };
}

async function won(store: FlowStore, request: TakeOverRequest): Promise<HeldClaim> {
  const result = await store.takeOver(request);
  if (result.kind !== "held") throw new Error("The settling was refused.");
  return result.claim;
}

/** How every flow store settles a doubt. */
export function settlingContract(bench: () => Bench): void {
  describe("settling", () => {
    it("takes a doubtful claim over at once, and a silent one when its lease has ended", async () => {
      const { store } = bench();
      const { key, seen } = await doubtful(store);
      const taken = await won(store, settleWith(key, seen));

      expect(taken.flow.claim).toEqual({
        id: expect.any(String),
        step: "otp",
        until: later,
        doubtful: false,
      });
      expect(taken.flow.claim?.id).not.toBe(seen.id);
      expect(taken.flow.attempts).toBe(1);
      expect(taken.jar).toEqual(jarWith());

      const silent = seenIn(taken);
      const early = await store.takeOver(settleWith(key, silent, { now: later - 1 }));
      expect(early).toMatchObject({ kind: "refused", found: { token: "current", flow: { claim: silent } } });
      const again = await won(store, settleWith(key, silent, { now: later, until: later + lease }));
      expect(again.flow.claim).toMatchObject({ step: "otp", until: later + lease });
    });

    it("commits its result as the answer to the request that fell into doubt", async () => {
      const { store } = bench();
      const { key, seen } = await doubtful(store);
      const claim = await won(store, settleWith(key, seen));
      const { flowToken } = await claim.commit({ state: stateWith(), jar: jarWith(), reply: rejected });
      const other = canonicalRequest(steps.otp.command({ otp: "654321" }));

      expect(await store.claim(claimWith(key, { canonical }))).toMatchObject({
        kind: "refused",
        found: { token: "previous", replay: { reply: rejected, flowToken } },
      });
      const repeated = await store.claim(claimWith(key, { canonical: other }));
      expect(repeated).toMatchObject({ kind: "refused", found: { token: "previous", replay: undefined } });
      expect((await hold(store, { ...key, flowToken })).flow.attempts).toBe(1);
    });

    it("is won by exactly one of 8 at the same time", async () => {
      const { store } = bench();
      const { key, seen } = await doubtful(store);
      const results = await Promise.all(
        Array.from({ length: 8 }, () => store.takeOver(settleWith(key, seen))),
      );

      expect(results.map(({ kind }) => kind).sort()).toEqual(["held", ...Array(7).fill("refused")]);
    });

    it("shuts out the holder that comes back late", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const late = await hold(store, key);
      await won(store, settleWith(key, seenIn(late), { now: later, until: later + lease }));

      await expect(
        late.commit({ state: stateWith(), jar: jarWith(), reply: rejected }),
      ).rejects.toMatchObject({
        name: "ClaimLost",
      });
    });

    it("is refused for a wrong token, an expired flow, a claim that has changed, and a flow without a doubt", async () => {
      const { store } = bench();
      const { key, seen } = await doubtful(store);
      const free = await store.create(flowWith());

      for (const request of [
        settleWith({ ...key, flowToken: "A".repeat(43) }, seen),
        settleWith({ ...key, flowToken: "short" }, seen),
        settleWith(key, seen, { now: deadline }),
        settleWith(key, { ...seen, id: "another" }),
        settleWith(free, seen),
      ]) {
        expect((await store.takeOver(request)).kind).toBe("refused");
      }
    });

    it("counts how often a resume is asked again, and lets nobody ask before its time", async () => {
      const { store } = bench();
      const { key, seen } = await doubtful(store, "resume");
      expect((await store.read(key))?.flow?.resumeTries).toBeUndefined();
      const first = await won(store, settleWith(key, seen));
      expect(first.flow).toMatchObject({ resumeTries: 1 });
      await first.markDoubtful(first.jar, { askAgainAt: now + 2_000 });

      const again = { ...seenIn(first), doubtful: true };
      const early = await store.takeOver(settleWith(key, again, { now: now + 1_999 }));
      expect(early).toMatchObject({
        kind: "refused",
        found: { token: "current", flow: { claim: again, resumeAt: now + 2_000, resumeTries: 1 } },
      });
      const second = await won(store, settleWith(key, again, { now: now + 2_000 }));
      expect(second.flow).toMatchObject({ resumeTries: 2 });
      // A doubt that says nothing of its time leaves the last one, which has passed.
      await second.markDoubtful(second.jar);
      const third = { ...seenIn(second), doubtful: true };
      expect((await won(store, settleWith(key, third, { now: now + 2_000 }))).flow.resumeTries).toBe(3);
    });

    it("waits for no time but a resume's, and returns no attempt that it didn't count", async () => {
      const { store, tamper } = bench();
      const { key, seen } = await doubtful(store);
      await tamper(key.flowId, "resumeAt", deadline);
      const claim = await won(store, settleWith(key, seen));
      await claim.release({ jar: claim.jar, attemptReturned: true });

      const { flow } = (await store.read(key)) ?? {};
      expect(flow).toMatchObject({ attempts: 1, claim: undefined });
      expect(flow?.resumeTries).toBeUndefined();
    });

    it("reads a row in which an earlier release has noted that a resume was asked again", async () => {
      const { store, tamper } = bench();
      const { key, seen } = await doubtful(store, "resume");
      await tamper(key.flowId, "resumeAsked", true);

      expect((await won(store, settleWith(key, seen))).flow).toMatchObject({ resumeTries: 1 });
    });

    it("knows its own write when the first reply was lost", async () => {
      const { store, lossy, proxy } = bench();
      const { key, seen } = await doubtful(store);
      proxy.loseNextReply();

      expect((await won(lossy, settleWith(key, seen))).flow.claim).toMatchObject({ until: later });
    });
  });
}
