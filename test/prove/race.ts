import { setTimeout as pause } from "node:timers/promises";
import type { StepName } from "../../lib/flow/steps.ts";
import { finish } from "./kit/course.ts";
import { isOnceOnly, JarWatch, judgeRequests } from "./kit/judge.ts";
import type { Sent } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { endsSignOn, isGivenOnce, onceOnlySteps, type Scene, sceneAt } from "./kit/scenes.ts";
import { createStage, type Stage } from "./kit/stage.ts";

const submits = 64;
const conflicts: readonly (string | undefined)[] = ["step-in-progress", "token-superseded"];

/** 64 submits at once: one call, one acceptance, the others named conflicts or replays. */
export const race: Proof = {
  name: "race",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(1000);
    const stage = await createStage({ defect });
    const told = { calls: 0, replays: 0, conflicts: 0 };
    try {
      for (let round = 0; round < wanted; round += 1) {
        for (const step of onceOnlySteps) await raceOnce(stage, step, random, misses, told);
      }
    } finally {
      await stage.close();
    }
    return {
      rounds: wanted * onceOnlySteps.length,
      figure: `${submits} submits a round: ${told.calls} calls, ${told.replays} replays, ${told.conflicts} conflicts`,
      misses: misses.all,
    };
  },
};

async function raceOnce(
  stage: Stage,
  step: StepName,
  random: Random,
  misses: Misses,
  told: { calls: number; replays: number; conflicts: number },
): Promise<void> {
  const scene = await sceneAt(stage, step);
  const { person, right } = scene;
  const label = `race, ${step}`;
  const jar = new JarWatch(person);
  await jar.look(misses, label);
  const { token } = person;
  const sent = await Promise.all(
    Array.from({ length: submits }, async () => {
      // Some come after the answer, so that they meet what was kept of it.
      if (random.chance(0.25)) await pause(random.below(120));
      return person.step(step, right, token);
    }),
  );
  const calls = sent.flatMap(({ call }) => stage.callsOf(call.tag).filter(isOnceOnly));
  const winners = new Set(sent.map(({ reply }) => reply?.token).filter((one) => one !== undefined));
  misses.unless(calls.length === 1, () => `${label}: ${calls.length} calls`);
  misses.unless(winners.size === 1, () => `${label}: ${winners.size} acceptances`);
  const others = judgeOthers(step, sent, misses, label);
  told.calls += calls.length;
  told.conflicts += others;
  told.replays += sent.length - others - 1;
  await jar.look(misses, label);
  await goOn(scene, misses, label);
  judgeRequests(person, misses, label);
}

/** Everyone but the first of those who got the answer is in conflict by name, or got the very same answer. */
function judgeOthers(step: StepName, sent: readonly Sent[], misses: Misses, label: string): number {
  const answered = sent.filter(({ reply }) => reply?.http === 200);
  const texts = new Set(answered.map(({ reply }) => reply?.text));
  misses.unless(texts.size === 1, () => `${label}: ${texts.size} different answers`);
  const refused = sent.filter(({ reply }) => reply?.http !== 200);
  for (const { reply } of refused) {
    const isLost = isGivenOnce(step) && reply?.problem === "restart-required";
    misses.unless(
      isLost || conflicts.includes(reply?.problem),
      () => `${label}: ${reply?.http} ${reply?.problem}`,
    );
  }
  return refused.length;
}

/** The cookies that the winner stored still lead to the code. */
async function goOn(scene: Scene, misses: Misses, label: string): Promise<void> {
  if (endsSignOn(scene.step)) return;
  const course = await finish(scene);
  const got = scene.person.sent.at(-1)?.reply?.body.redirectUri !== undefined;
  misses.unless(got, () => `${label}: no code afterwards: ${course.words.join(", ")}`);
}
