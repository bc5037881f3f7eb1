import { describe, expect, it } from "vitest";
import { type Bench, claimWith, flowWith, hold, jarWith, lease, now, rejected, stateWith } from "./bench.ts";

const fresherJar = jarWith({ cookies: [{ name: "ST", value: "fresher" }] });

/** What every flow store makes of its own write, when the reply is lost and the SDK sends it again. */
export function retryContract(bench: () => Bench): void {
  describe("a lost reply", () => {
    /** Loses the next reply and proves that the write was sent twice. */
    async function losing<T>(write: () => Promise<T>): Promise<T> {
      const { proxy } = bench();
      proxy.operations();
      proxy.loseNextReply();
      const result = await write();
      const [first, second] = proxy.operations();
      expect(second).toBe(first);
      return result;
    }

    it("doesn't lose a new flow", async () => {
      const { lossy, store } = bench();
      const key = await losing(() => lossy.create(flowWith()));

      expect(await store.read(key)).toMatchObject({ token: "current", jar: jarWith() });
    });

    it("doesn't lose a claim, nor count its attempt twice", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());
      const claim = await losing(() => hold(lossy, key, { attemptLimit: 1 }));

      expect(claim.flow.attempts).toBe(1);
      expect(claim.jar).toEqual(jarWith());
      const { flowToken } = await claim.commit({ state: stateWith(), jar: jarWith(), reply: rejected });
      expect(await store.read({ ...key, flowToken })).toMatchObject({ token: "current" });
    });

    it("doesn't make a claim of another's", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());
      const { flow } = await hold(store, key);

      expect(await losing(() => lossy.claim(claimWith(key)))).toMatchObject({
        kind: "refused",
        found: { flow: { claim: flow.claim } },
      });
    });

    it("doesn't lose a commit", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(lossy, key);
      const { flowToken } = await losing(() =>
        claim.commit({ state: stateWith({ status: "COMPLETED" }), jar: fresherJar, reply: rejected }),
      );

      expect(await store.read({ ...key, flowToken })).toMatchObject({
        token: "current",
        flow: { status: "COMPLETED", claim: undefined },
        jar: fresherJar,
      });
    });

    it("doesn't give an attempt back twice", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());
      await (await hold(store, key, { attemptLimit: 5 })).release({ jar: jarWith(), attemptReturned: false });
      const claim = await hold(lossy, key, { attemptLimit: 5 });
      await losing(() => claim.release({ jar: fresherJar, attemptReturned: true }));

      expect(await store.read(key)).toMatchObject({
        flow: { attempts: 1, claim: undefined },
        jar: fresherJar,
      });
    });

    it("doesn't lose a doubt", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(lossy, key);
      await losing(() => claim.markDoubtful(fresherJar));

      expect(await store.read(key)).toMatchObject({ flow: { claim: { doubtful: true } }, jar: fresherJar });
    });

    it("doesn't bring an expired flow back", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(lossy, key);
      await losing(() => claim.expire(now + 1));

      expect(await store.read(key)).toMatchObject({ flow: { deadline: now + 1, claim: undefined } });
    });

    it("says of a claim that others have ended meanwhile that it may have been won", async () => {
      const { lossy, proxy, store } = bench();
      const [first, second] = [await store.create(flowWith()), await store.create(flowWith())];
      proxy.loseNextReply("UpdateItem", () => store.remove(first, now + lease));
      const lost = await lossy.claim(claimWith(first));
      await store.remove(second, now);
      const refused = await lossy.claim(claimWith(second));

      expect(lost).toEqual({ kind: "refused", found: undefined, isRetried: true });
      expect(refused).toEqual({ kind: "refused", found: undefined, isRetried: false });
    });

    it("doesn't turn a removal into a flow that never was", async () => {
      const { lossy, store } = bench();
      const key = await store.create(flowWith());

      expect(await losing(() => lossy.remove(key, now))).toEqual({ kind: "removed" });
      expect(await store.read(key)).toBeUndefined();
    });
  });
}
