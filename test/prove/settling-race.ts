import { until } from "../support/patience.ts";
import { targetOf } from "../support/step-scenes.ts";
import { finish, follow } from "./kit/course.ts";
import { JarWatch, judgeRequests } from "./kit/judge.ts";
import type { Person } from "./kit/person.ts";
import { type Defect, Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { keptSteps, sceneAt } from "./kit/scenes.ts";
import { createStage, type Stage } from "./kit/stage.ts";

const settlers = 8;
/** Next to no time for PingOne, so that a slow answer is soon too late: milliseconds. */
const shortMs = 500;
/** So slow that it has to be let go. */
const neverMs = 600_000;
/** So many slow answers are waited for beside each other. */
const atOnce = 4;

/**
 * Eight settlers at once: one settlement, never a second send. And a slow call that PingOne applies after the
 * doubt was settled: the next step finds it out, or ends by name.
 */
export const settlingRace: Proof = {
  name: "settling race",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const races = rounds(500);
    const late = rounds(200);
    const stage = await createStage({ defect });
    try {
      for (let round = 0; round < races; round += 1) await settleAtOnce(stage, random, misses);
    } finally {
      await stage.close();
    }
    const adopted = await lateOutcomes(late, defect, misses);
    return {
      rounds: races + late,
      figure: `${races} × ${settlers} settlers: one settlement each; ${adopted} of ${late} late outcomes adopted`,
      misses: misses.all,
    };
  },
};

async function settleAtOnce(stage: Stage, random: Random, misses: Misses): Promise<void> {
  const step = pick(random, keptSteps);
  const scene = await sceneAt(stage, step);
  const { person, right } = scene;
  const label = `settling race, ${step}`;
  const jar = new JarWatch(person);
  await jar.look(misses, label);
  stage.simulator.faults.script({ on: targetOf(step), kind: "reset", applied: random.chance(0.5) });
  const doubtful = await person.step(step, right);
  misses.unless(doubtful.reply?.problem === "outcome-unknown", () => `${label}: no doubt came about`);
  const wait = Number(doubtful.reply?.headers["retry-after"] ?? 0) * 1000;
  if (wait > 0) await comeEarly(stage, person, misses);
  stage.clock.advance(wait);
  const before = stage.simulator.calls.length;
  const { token } = person;
  const sent = await Promise.all(
    Array.from({ length: settlers }, () => {
      person.token = token;
      return random.chance(0.5) ? person.status() : person.step(step, right, token);
    }),
  );
  const tokens = new Set(sent.map(({ reply }) => reply?.token).filter((one) => one !== undefined));
  const made = stage.simulator.calls.slice(before).map(({ action }) => action);
  misses.unless(tokens.size === 1, () => `${label}: ${tokens.size} settlements`);
  // A resume carries no credential: it is asked again in the place of a read, whoever settles.
  const expected = step === "resume" ? "resume" : "read";
  misses.unless(made.join() === expected, () => `${label}: PingOne was asked ${made.join(", ")}`);
  await jar.look(misses, label);
  if (step !== "resume") {
    const course = await finish(scene);
    misses.unless(course.ending === "accepted", () => `${label}: then ${course.words.join(", ")}`);
  }
  judgeRequests(person, misses, label);
}

/** Whoever does not wait as they were told learns nothing, and asks PingOne nothing. */
async function comeEarly(stage: Stage, person: Person, misses: Misses): Promise<void> {
  const before = stage.simulator.calls.length;
  const { reply } = await person.status();
  misses.unless(
    reply?.problem === "outcome-unknown" && stage.simulator.calls.length === before,
    () => `settling race: ${reply?.problem ?? reply?.http} to who came before the time`,
  );
}

async function lateOutcomes(count: number, defect: Defect, misses: Misses): Promise<number> {
  // Each with a stand-in of its own, so that nobody takes the fault that was meant for another.
  const stages = await Promise.all(
    Array.from({ length: Math.min(count, atOnce) }, () => createStage({ defect, timeoutMs: shortMs })),
  );
  let left = count;
  let adopted = 0;
  const rounds = stages.map(async (stage) => {
    while (left > 0) {
      left -= 1;
      const one = await lateOnce(stage, misses);
      adopted += one;
    }
  });
  try {
    await Promise.all(rounds);
  } finally {
    await Promise.all(stages.map((stage) => stage.close()));
  }
  return adopted;
}

async function lateOnce(stage: Stage, misses: Misses): Promise<number> {
  const label = "settling race, late outcome";
  const scene = await sceneAt(stage, "password");
  const { person, right } = scene;
  stage.simulator.faults.script({
    on: targetOf("password"),
    kind: "delay",
    ms: neverMs,
    applied: "after",
  });
  const first = await stage.hurry(() => person.step("password", right), shortMs);
  misses.unless(first.reply?.problem === "outcome-unknown", () => `${label}: no doubt came about`);
  const settled = await follow(person, first);
  misses.unless(settled.ending === "no-progress", () => `${label}: ${settled.words.join(", ")}`);
  const call = stage.callsOf(first.call.tag)[0];
  stage.simulator.faults.clear();
  await until("PingOne to apply the slow call", () => call?.status !== 0);
  const next = await follow(person, await person.step("password", right));
  const named = next.ending === "accepted" || next.ending === "ended";
  misses.unless(named, () => `${label}: ${next.words.join(", ")}`);
  judgeRequests(person, misses, label);
  return next.ending === "accepted" ? 1 : 0;
}
