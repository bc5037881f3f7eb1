import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LimitedTry } from "../../lib/flow/rate-limiter.ts";
import { type Bench, claimWith, flowWith, hold, jarWith, now } from "./bench.ts";

/** Five at once, and then one in ten seconds: each test has a name of its own. */
function nameLimit(): LimitedTry {
  return { subject: ["name", `${randomUUID()}@example.com`, "192.0.2.1"], limit: 5, windowMs: 50_000 };
}

/** How often a limit lets something through, asked so many times at these moments. */
async function admitted({ limiter }: Bench, one: LimitedTry, moments: readonly number[]): Promise<number> {
  let count = 0;
  for (const moment of moments) count += (await limiter.admit([one], moment)) === 0 ? 1 : 0;
  return count;
}

function times(count: number, moment: number): number[] {
  return Array.from({ length: count }, () => moment);
}

/** What limits promise. */
export function limitContract(bench: () => Bench): void {
  describe("credentials tried in a flow", () => {
    it("are counted up to their limit, less those given back, beside the other attempts", async () => {
      const { store, row } = bench();
      const key = await store.create(flowWith());
      const limits = { attemptLimit: 10, credentialLimit: 2 };
      for (const attemptReturned of [false, true, false]) {
        await (await hold(store, key, limits)).release({ jar: jarWith(), attemptReturned });
      }

      expect(await store.claim(claimWith(key, limits))).toMatchObject({
        kind: "refused",
        found: { flow: { attempts: 2, credentialTries: 2, claim: undefined } },
      });
      // A step that tries no credential has room.
      await (await hold(store, key, { attemptLimit: 10 })).release({
        jar: jarWith(),
        attemptReturned: false,
      });
      expect(await row(key.flowId)).toMatchObject({ attempts: 3, credentialTries: 2 });
    });
  });

  describe("a limit of names", () => {
    it("lets a burst through, and tells how long to wait for the next", async () => {
      const one = nameLimit();
      expect(await admitted(bench(), one, times(5, now))).toBe(5);
      expect(await bench().limiter.admit([one], now)).toBe(10_000);
      expect(await bench().limiter.admit([one], now + 9_999)).toBe(1);
      expect(await bench().limiter.admit([one], now + 10_000)).toBe(0);
      expect(await bench().limiter.admit([one], now + 10_000)).toBe(10_000);
    });

    it("slides: it never lets more through in a window than a burst and what the window brings", async () => {
      const one = nameLimit();
      const everySecond = Array.from({ length: 200 }, (_, second) => now + second * 1_000);
      // Five at once, and one more each ten seconds of the 199.
      expect(await admitted(bench(), one, everySecond)).toBe(5 + 19);
    });

    it("forgets a burst once it has been left alone for a window, and saves nothing up", async () => {
      const one = nameLimit();
      expect(await admitted(bench(), one, times(5, now))).toBe(5);
      expect(await admitted(bench(), one, times(9, now + 50_000))).toBe(5);
      expect(await admitted(bench(), one, times(9, now + 500_000))).toBe(5);
    });

    it.each([1, 3, 7, 11, 49, 333])(
      "lets exactly %s at once through, whether or not they divide the window",
      async (limit) => {
        const one = { ...nameLimit(), limit, windowMs: 1_000 };
        const waits = await Promise.all(
          times(limit + 3, now).map((moment) => bench().limiter.admit([one], moment)),
        );
        expect(waits.filter((wait) => wait === 0)).toHaveLength(limit);
      },
    );

    it("is exact when 64 come at the same time", async () => {
      const one = nameLimit();
      const waits = await Promise.all(times(64, now).map((moment) => bench().limiter.admit([one], moment)));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
      expect(waits.filter((wait) => wait === 10_000)).toHaveLength(59);
    });

    it("says the longest wait of several, and counts for none of them what one refuses", async () => {
      const { limiter } = bench();
      const [narrow, wide] = [nameLimit(), { ...nameLimit(), limit: 50 }];
      for (const both of [
        [narrow, wide],
        [wide, narrow],
      ]) {
        for (const _ of times(3, now)) await limiter.admit(both, now);
      }
      expect(await limiter.admit([narrow, wide], now)).toBe(10_000);
      expect(await limiter.admit([wide, narrow], now)).toBe(10_000);
      // Six asked, and five were let through.
      expect(await admitted(bench(), wide, times(50, now))).toBe(45);
      expect(await limiter.admit([wide, narrow], now + 10_000)).toBe(0);
      expect(await limiter.admit([narrow], now + 10_000)).toBe(10_000);
    });

    it("is exact where 64 come at the same time for two limits, whichever refuses", async () => {
      const [narrow, wide] = [nameLimit(), { ...nameLimit(), limit: 8 }];
      const other = nameLimit();
      const asked = times(32, now).flatMap((moment) => [
        bench().limiter.admit([narrow, wide], moment),
        bench().limiter.admit([wide, other], moment),
      ]);
      const waits = await Promise.all(asked);
      // What the wide one let through has been counted once for it, and once for the one beside it.
      expect(waits.filter((wait) => wait === 0)).toHaveLength(8);
      const left = [narrow, other].map((one) => admitted(bench(), one, times(5, now)));
      expect((await Promise.all(left)).reduce((sum, count) => sum + count, 0)).toBe(2);
    });

    it.each([
      ["nobody uses", 0, 1],
      ["somebody uses", 1, 2],
      ["is used up", 5, 1],
    ])("asks once or twice of a limit that %s", async (_, before, most) => {
      const both = [nameLimit(), { ...nameLimit(), limit: 50 }, { ...nameLimit(), limit: 15 }];
      for (const _tried of times(before, now)) await bench().limiter.admit(both, now);
      bench().proxy.operations();
      await bench().lossyLimiter.admit(both, now);
      expect(bench().proxy.operations()).toEqual(Array(most).fill("TransactWriteItems"));
    });

    it.each([0, 1])(
      "counts once when a reply is lost and the write is sent again, after %s tries",
      async (before) => {
        const both = [nameLimit(), nameLimit()];
        for (const _ of times(before, now)) await bench().limiter.admit(both, now);
        bench().proxy.operations();
        // Where somebody uses the limits, the first request brings their rows, and the second one counts.
        bench().proxy.loseReply(before);
        expect(await bench().lossyLimiter.admit(both, now)).toBe(0);
        expect(bench().proxy.operations()).toHaveLength(before + 2);
        for (const one of both) expect(await admitted(bench(), one, times(9, now))).toBe(4 - before);
      },
    );

    it("refuses what it refused when that reply was lost", async () => {
      const both = [nameLimit(), nameLimit()];
      for (const _ of times(5, now)) await bench().limiter.admit(both, now);
      bench().proxy.loseNextReply();
      expect(await bench().lossyLimiter.admit(both, now)).toBe(10_000);
    });

    it("leaves a row that says when it was used, and not for whom", async () => {
      const one = nameLimit();
      const before = (await bench().dump()).length;
      await bench().limiter.admit([one], now);
      const rows = await bench().dump();
      expect(rows).toHaveLength(before + 1);
      const limits = rows.filter(({ pk }) => /"limit#[A-Za-z0-9_-]{43}"/.test(JSON.stringify(pk)));
      expect(limits.length).toBeGreaterThan(0);
      for (const row of limits) expect(Object.keys(row).toSorted()).toEqual(["pk", "tat", "ttl"]);
      expect(JSON.stringify(rows)).not.toContain("192.0.2.1");
      const last = limits.find((row) => JSON.stringify(row["tat"]).includes(String((now + 10_000) * 1_000)));
      expect(last?.["ttl"]).toEqual({ N: String(Math.ceil((now + 50_000) / 1000)) });
    });
  });
}
