import { namesPerson, steps } from "../../lib/flow/steps.ts";
import { targetOf } from "../support/step-scenes.ts";
import { finish, follow } from "./kit/course.ts";
import type { EngineWrite, Mishap } from "./kit/engine-proxy.ts";
import { JarWatch, judgeRequests } from "./kit/judge.ts";
import { Misses, type Proof, spread, wantedOf } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { keptSteps, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** How often the store tries a write: with so many mishaps none is left. */
const tries = 3;

const mishaps: readonly Mishap[] = ["throttled", "throughput-exceeded", "reply-lost", "unreached"];
const targets: readonly (readonly EngineWrite[])[] = [["claim"], ["ending"], ["claim", "ending"], ["limit"]];

/**
 * The engine throttles, loses the reply of, or never gets, the claim, the commit or both, or the count of a
 * limit: without a claim and every count nothing is sent, a commit is tried again and else in doubt, and no
 * write of ours is taken for another's.
 */
export const throttle: Proof = {
  name: "throttle",
  async run(conditions) {
    const { random, rounds, defect } = conditions;
    const wanted = wantedOf(keptSteps, conditions);
    const misses = new Misses();
    const cases = targets.flatMap((writes) =>
      mishaps.flatMap((mishap) => [1, 2, tries].map((times) => ({ writes, mishap, times }))),
    );
    const wantedLosses = rounds(1000);
    let lost = 0;
    await Promise.all(
      wanted.map((step) =>
        onStage({ defect, proxied: true }, async (stage) => {
          for (const one of spread(cases, rounds(cases.length, cases.length)))
            await goWrong(stage, { ...one, step }, misses);
          while (lost < wantedLosses) {
            const now = await loseReplies(stage, random, misses);
            lost += now;
          }
        }),
      ),
    );
    return {
      rounds: cases.length * wanted.length + lost,
      figure: `${cases.length} cases × ${wanted.length} steps; ${lost} lost replies without a false conflict`,
      misses: misses.all,
    };
  },
};

interface Case {
  readonly writes: readonly EngineWrite[];
  readonly mishap: Mishap;
  readonly times: number;
  readonly step: (typeof keptSteps)[number];
}

async function goWrong(stage: Stage, one: Case, misses: Misses): Promise<void> {
  const { writes, mishap, times, step } = one;
  const label = `throttle, ${step}: ${writes.join(" and ")} ${mishap} × ${times}`;
  const scene = await sceneAt(stage, step);
  const { person, right } = scene;
  const jar = new JarWatch(person);
  await jar.look(misses, label);
  for (const write of writes) stage.engine.plan(write, mishap, times);
  const sent = await person.step(step, right);
  stage.engine.clear();
  const calls = stage.callsOf(sent.call.tag).filter(({ action }) => action === targetOf(step)).length;
  const word = sent.reply?.problem ?? "accepted";
  const [expected, sends] = expectedFor(one);
  misses.unless(word === expected, () => `${label}: ${word}, not ${expected}`);
  misses.unless(calls === sends, () => `${label}: ${calls} calls, not ${sends}`);
  const course = await follow(person, sent);
  const fine = course.ending === "accepted" || course.ending === "no-progress" || spent(one, course.ending);
  misses.unless(fine, () => `${label}: ${course.words.join(", ")}`);
  await jar.look(misses, label);
  const end = step === "resume" && course.ending === "accepted" ? course : await finish(scene);
  misses.unless(
    end.ending === "accepted" || spent(one, end.ending),
    () => `${label}: ${end.words.join(", ")}`,
  );
  judgeRequests(person, misses, label);
}

/** Whether a step is counted by a limit: a name that is tried, or a message that may be sent. */
function isLimited(step: Case["step"]): boolean {
  return namesPerson(step) || steps[step].sendsMessage;
}

/** The word the request gets, and how often PingOne hears of it. */
function expectedFor({ step, writes, times }: Case): readonly [string, number] {
  if (times < tries || (writes.includes("limit") && !isLimited(step))) return ["accepted", 1];
  if (writes.includes("limit")) return ["upstream-unavailable", 0];
  return writes.includes("claim") ? ["upstream-unavailable", 0] : ["outcome-unknown", 1];
}

/** The one answer that can't be had again: PingOne gave the code, and its only copy was never stored. */
function spent({ step, writes, mishap, times }: Case, ending: string): boolean {
  const stored = mishap === "reply-lost";
  return step === "resume" && times >= tries && !stored && writes.includes("ending") && ending === "ended";
}

/** One or two replies of one request are lost: it is answered as if nothing had happened. */
async function loseReplies(stage: Stage, random: Random, misses: Misses): Promise<number> {
  const step = pick(random, keptSteps);
  const { person, right } = await sceneAt(stage, step);
  const writes = pick(random, targets);
  const before = stage.engine.mishaps;
  for (const write of writes) stage.engine.plan(write, "reply-lost", 1 + random.below(tries - 1));
  const { call, reply } = await person.step(step, right);
  stage.engine.clear();
  const row = await stage.rowOf(person.flowId);
  misses.unless(reply?.http === 200, () => `throttle, lost replies: ${step} got ${reply?.problem}`);
  misses.unless(row?.["claim"] === undefined, () => `throttle, lost replies: ${step} left its claim behind`);
  misses.unless(
    stage.callsOf(call.tag).filter(({ action }) => action === targetOf(step)).length === 1,
    () => `throttle, lost replies: ${step} did not make one call`,
  );
  return stage.engine.mishaps - before;
}
