import { describe, expect, it } from "vitest";
import type { FlowKey, UnusableClaim } from "../../lib/flow/store.ts";
import { seal } from "../../lib/store/seal.ts";
import { decodeToken } from "../../lib/store/tokens.ts";
import { type Bench, claimIn, claimWith, flowWith, hold, jarWith, lease, now, take } from "./bench.ts";

const waiter = new TextEncoder().encode("a sealed task token");

/** A jar that a release to come might seal. */
function futureJar({ flowId, flowToken }: FlowKey) {
  const token = decodeToken(flowToken);
  if (token === undefined) throw new Error("The token is none.");
  const text = JSON.stringify({ ...jarWith(), standing: "something new" });
  const context = { environment: "test", flowId, purpose: "jar", version: 1, counter: 7 } as const;
  return { counter: 7, sealed: seal(token, context, new TextEncoder().encode(text)) };
}

/** Ways in which a row can't be used any more: the attribute, and what it holds then. */
const damages: readonly (readonly [what: string, path: string, value: (key: FlowKey) => unknown])[] = [
  ["a truncated jar", "jar.sealed", () => new Uint8Array(40)],
  ["an empty jar", "jar.sealed", () => new Uint8Array(0)],
  ["a jar of another counter", "jar.counter", () => 9],
  ["a jar of an unknown schema", "jar", futureJar],
  ["a jar that is none", "jar", () => "lost"],
  ["a time that is none", "createdAt", () => "yesterday"],
];

/** What every flow store makes of a row that it can claim and not use. */
export function unusableContract(bench: () => Bench): void {
  async function unusable(key: FlowKey, attemptLimit?: number): Promise<UnusableClaim> {
    const result = await bench().store.claim(claimWith(key, { attemptLimit, credentialLimit: attemptLimit }));
    if (result.kind !== "unusable") throw new Error(`The claim is ${result.kind}.`);
    return result.claim;
  }

  describe.each(damages)("a row with %s", (_, path, value) => {
    it("is claimed only to be ended: nothing is left to do in it, to count or to claim", async () => {
      const { store, row, tamper } = bench();
      const key = await take(store, await store.create(flowWith()));
      await store.watch({ flowId: key.flowId, now, waiter });
      await tamper(key.flowId, path, value(key));
      const claim = await unusable(key, 5);

      expect(claim.status).toBe("OTP_REQUIRED");
      expect(await claim.end("RESTART_REQUIRED")).toEqual({ waiter });
      const left = await row(key.flowId);
      expect(left).toMatchObject({ status: "RESTART_REQUIRED", next: [], view: {}, attempts: 0 });
      expect(left).not.toHaveProperty("claim");
      expect(left).not.toHaveProperty("jar");
      expect((await store.claim(claimWith(key))).kind).toBe("refused");
    });

    it("is ended by whoever settles it", async () => {
      const { store, row, tamper } = bench();
      const key = await store.create(flowWith());
      const { flow } = await hold(store, key, { attemptLimit: 5 });
      await tamper(key.flowId, path, value(key));
      const later = now + lease;
      const won = await store.takeOver({ ...key, seen: claimIn(flow), now: later, until: later + lease });
      if (won.kind !== "unusable") throw new Error(`The settling is ${won.kind}.`);
      await won.claim.end("RESTART_REQUIRED");

      const left = await row(key.flowId);
      // The attempt of the step in doubt stays counted.
      expect(left).toMatchObject({ status: "RESTART_REQUIRED", next: [], attempts: 1 });
      expect(left).not.toHaveProperty("claim");
    });
  });

  describe("the end of an unusable row", () => {
    it("knows its own write when the first reply was lost", async () => {
      const { store, lossy, proxy, tamper } = bench();
      const key = await store.create(flowWith());
      await store.watch({ flowId: key.flowId, now, waiter });
      await tamper(key.flowId, "jar.sealed", new Uint8Array(40));
      const result = await lossy.claim(claimWith(key, { attemptLimit: 5 }));
      if (result.kind !== "unusable") throw new Error(`The claim is ${result.kind}.`);
      proxy.loseNextReply();

      expect(await result.claim.end("RESTART_REQUIRED")).toEqual({ waiter });
      expect((await store.read(key))?.flow).toMatchObject({ status: "RESTART_REQUIRED", attempts: 0 });
    });

    it("leaves the row to whoever has taken it over", async () => {
      const { store, row, tamper } = bench();
      const key = await store.create(flowWith());
      await tamper(key.flowId, "jar.sealed", new Uint8Array(40));
      const claim = await unusable(key);
      await tamper(key.flowId, "claim.id", "another");
      const before = await row(key.flowId);

      await expect(claim.end("RESTART_REQUIRED")).rejects.toMatchObject({ name: "ClaimLost" });
      expect(await row(key.flowId)).toEqual(before);
    });
  });
}
