import { FLOW_IDLE_MS } from "../simulator/flow.ts";
import { samples } from "../support/step-samples.ts";
import { JarWatch } from "./kit/judge.ts";
import { Misses, type Proof, spread } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { keptSteps, sceneAt } from "./kit/scenes.ts";
import { createStage, type Stage } from "./kit/stage.ts";

const furthestS = 120;
const stepS = 10;
/** How far from the true expiry the request comes, in milliseconds; the fourth and the last are the edges. */
const offsets: readonly number[] = [-600_000, -60_000, -10_000, -5_000, 0, 1, 500, 2_000, 10_000, 120_000];

/**
 * Our clock is wrong and PingOne's `Date` is true: nothing passes its true expiry, nothing
 * ends 5 s before it.
 */
export const skew: Proof = {
  name: "skew",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(20);
    const skews = Array.from({ length: (2 * furthestS) / stepS + 1 }, (_, n) => n * stepS - furthestS);
    const told = { accepted: 0, refused: 0 };
    for (const skewS of spread(skews, rounds(skews.length, skews.length))) {
      const ownClock = (true_: { now(): number }) => ({ now: () => true_.now() + skewS * 1000 });
      const stage = await createStage({ defect, ownClock });
      try {
        for (let round = 0; round < wanted; round += 1) {
          for (const offset of offsets) await comeAt(stage, { skewS, offset, random }, misses, told);
        }
      } finally {
        await stage.close();
      }
    }
    return {
      rounds: skews.length * wanted * offsets.length,
      figure: `${skews.length} skews: ${told.accepted} accepted in time, ${told.refused} refused after it`,
      misses: misses.all,
    };
  },
};

/** The steps whose right answer is good for as long as a flow is. */
const lasting = keptSteps.filter((step) => samples[step].ages !== true);

async function comeAt(
  stage: Stage,
  { skewS, offset, random }: { skewS: number; offset: number; random: Random },
  misses: Misses,
  told: { accepted: number; refused: number },
): Promise<void> {
  // PingOne's Date is in whole seconds: every phase of a second has to be met.
  stage.clock.advance(random.below(1_000));
  const { person, step, right } = await sceneAt(stage, pick(random, lasting));
  // The scene's last call to PingOne came this moment, by PingOne's own clock.
  stage.clock.advance(FLOW_IDLE_MS + offset);
  const { call, reply } = await person.step(step, right);
  const label = `skew ${skewS} s, ${offset} ms from expiry`;
  const calls = stage.callsOf(call.tag).length;
  if (offset >= 0) {
    misses.unless(
      reply?.problem === "flow-expired" && calls === 0,
      () => `${label}: ${reply?.http}, ${calls} calls`,
    );
    told.refused += 1;
  } else {
    misses.unless(reply?.http === 200 && calls === 1, () => `${label}: ${reply?.problem}`);
    told.accepted += 1;
  }
  await new JarWatch(person).look(misses, label);
}
