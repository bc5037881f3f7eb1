import { steps as definitions, type StepName } from "../../lib/flow/steps.ts";
import { hangs } from "./kit/child-protocol.ts";
import { type Child, startChild } from "./kit/children.ts";
import { type Course, finish, follow } from "./kit/course.ts";
import { JarWatch, judgeRequests } from "./kit/judge.ts";
import { type Conditions, Misses, type Proof, spread, wantedOf } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { keptSteps, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** The steps whose answer can be had once: it tells of a credential, or brings the code or a cookie. */
const crashed = keptSteps.filter(
  (step) => definitions[step].triesCredential || definitions[step].call.kind !== "action",
);
const points = [...hangs, "mid-send", "after send"] as const;
type Point = (typeof points)[number];
const timesEach = 25;
/** All of the kills of one step. */
const every: readonly Point[] = points.flatMap((point) => Array.from({ length: timesEach }, () => point));

/** The function's own process is killed at each point of a step: whoever comes next settles what it left. */
export const crash: Proof = {
  name: "crash",
  async run(conditions) {
    const misses = new Misses();
    const crashes = spread(every, conditions.rounds(every.length, points.length));
    const tally = new Map<string, number>();
    const steps = wantedOf(crashed, conditions);
    await Promise.all(steps.map((step) => crashThrough(step, crashes, conditions, misses, tally)));
    const ends = [...tally].map(([word, count]) => `${count} ${word}`).join(", ");
    return {
      rounds: crashes.length * steps.length,
      figure: `${new Set(crashes).size} points × ${steps.length} steps: ${ends}`,
      misses: misses.all,
    };
  },
};

async function crashThrough(
  step: StepName,
  crashes: readonly Point[],
  { random, defect }: Conditions,
  misses: Misses,
  tally: Map<string, number>,
): Promise<void> {
  await onStage({ defect, proxied: true }, async (stage) => {
    for (const point of crashes) {
      const label = `crash, ${step}, ${point}`;
      const course = await crashOnce(stage, { step, point, label, random }, misses);
      tally.set(course.ending, (tally.get(course.ending) ?? 0) + 1);
    }
  });
}

interface Crash {
  readonly step: StepName;
  readonly point: Point;
  readonly label: string;
  readonly random: Random;
}

async function crashOnce(stage: Stage, crash: Crash, misses: Misses): Promise<Course> {
  const { step, label, random } = crash;
  const scene = await sceneAt(stage, step);
  const { person, right } = scene;
  const jar = new JarWatch(person);
  await jar.look(misses, label);

  const { child, reached } = await startAt(stage, crash.point);
  person.transport = child.transport;
  const asked = person.step(step, right);
  await Promise.race([reached, asked]);
  await child.kill();
  const sent = await asked;
  person.transport = stage.transport;
  misses.unless(sent.reply === undefined, () => `${label}: the process answered before it was killed`);
  await jar.look(misses, label);
  // A client without an answer may read, or ask the same again.
  const next = random.chance(0.5) ? sent : await person.repeat(sent);
  const course = await follow(person, next);
  await jar.look(misses, label);
  misses.unless(isFine(crash, course), () => `${label}: ${course.ending}, ${course.words.join(", ")}`);
  if (course.ending !== "ended" && !(step === "resume" && course.ending === "accepted")) {
    const end = await finish(scene);
    const isOver = end.ending === "accepted" || (end.ending === "ended" && step === "resume");
    misses.unless(isOver, () => `${label}: then ${end.ending}, ${end.words.join(", ")}`);
  }
  judgeRequests(person, misses, label);
  return course;
}

/** Only the code itself can be gone for good: it was in the process that died. */
function isFine({ step }: Crash, { ending }: Course): boolean {
  return ending === "accepted" || ending === "no-progress" || (step === "resume" && ending === "ended");
}

async function startAt(stage: Stage, point: Point): Promise<{ child: Child; reached: Promise<void> }> {
  const setup = stage.childSetup();
  if (point === "mid-send" || point === "after send") {
    const child = await startChild(setup);
    return { child, reached: stage.upstream.hangNext(point === "mid-send" ? "request" : "reply") };
  }
  const child = await startChild({ ...setup, hang: point });
  return { child, reached: child.reached };
}
