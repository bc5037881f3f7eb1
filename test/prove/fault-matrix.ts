import type { Cookie } from "../../lib/flow/jar.ts";
import { type StepName, stepNames, steps } from "../../lib/flow/steps.ts";
import { type Course, finish, follow } from "./kit/course.ts";
import { type Refusal, refusing, sendThrough, shortMs } from "./kit/injection.ts";
import { JarWatch, judgeRequests } from "./kit/judge.ts";
import { type Cell, cellsOf } from "./kit/matrix.ts";
import { type Conditions, Misses, type Proof, spread, wantedOf } from "./kit/proof.ts";
import { reasonPlaces, tellReasonsIn } from "./kit/reason-places.ts";
import { endsSignOn, isGivenOnce, sceneAt } from "./kit/scenes.ts";
import { lockMs } from "./kit/spans.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** Something breaks at each point of a step, whatever PingOne makes of it: the request still ends by name. */
export const faultMatrix: Proof = {
  name: "fault matrix",
  async run(conditions) {
    const misses = new Misses();
    const tally = new Map<string, number>();
    const perStep = wantedOf(stepNames, conditions).map((step) =>
      stepThrough(step, conditions, misses, tally),
    );
    const cells = (await Promise.all(perStep)).reduce((sum, count) => sum + count, 0);
    const ends = [...tally].map(([word, count]) => `${count} ${word}`).join(", ");
    const figure = `${cells} cells, by where reasons are told: ${ends}`;
    return { rounds: cells, figure, misses: misses.all };
  },
};

async function stepThrough(
  step: StepName,
  { defect, rounds }: Conditions,
  misses: Misses,
  tally: Map<string, number>,
): Promise<number> {
  const refusal: Refusal = { on: false };
  const ports = refusing(refusal);
  return onStage({ defect, ports, proxied: true, timeoutMs: shortMs }, async (stage) => {
    // In few rounds each cell once, with the places by turns.
    const each = cellsOf(step);
    const all = each.flatMap((cell, first) => reasonPlaces.map((_, turn) => ({ cell, turn: first + turn })));
    const cells = spread(all, rounds(all.length, each.length));
    for (const { cell, turn } of cells) {
      tellReasonsIn(stage, turn);
      const word = await runCell(stage, cell, refusal, misses);
      tally.set(word, (tally.get(word) ?? 0) + 1);
      stage.clock.advance(lockMs);
    }
    return cells.length;
  });
}

async function runCell(stage: Stage, cell: Cell, refusal: Refusal, misses: Misses): Promise<string> {
  const { step, point, outcome } = cell;
  const label = `${step}, ${outcome.name}, ${point}`;
  const scene = await sceneAt(stage, step, outcome.further);
  const { person } = scene;
  const jar = new JarWatch(person);
  await jar.look(misses, label);
  const sent = await sendThrough(stage, cell, scene, refusal);
  const kept = await jar.look(misses, label);
  misses.unless(keepsCookie(cell, kept), () => `${label}: the cookie that came along was not kept`);
  const course = await follow(person, sent);
  await jar.look(misses, label);
  misses.unless(isFine(cell, course), () => `${label}: ${course.ending}, ${course.words.join(", ")}`);
  if (goesOn(cell, course)) {
    const end = await finish(scene);
    misses.unless(endsWell(cell, end), () => `${label}: then ${end.ending}, ${end.words.join(", ")}`);
    await jar.look(misses, label);
  }
  judgeRequests(person, misses, label);
  return course.doubtful ? "doubtful, then settled" : course.ending;
}

/** Whatever comes along with tokens, or in their place, is of no use any more. */
function keepsCookie({ step, point, outcome }: Cell, kept: readonly Cookie[] | undefined): boolean {
  const isDue = outcome.cookie !== undefined && point === "nowhere" && !isGivenOnce(step);
  return !isDue || kept?.some(({ name }) => name === outcome.cookie) === true;
}

function goesOn({ step }: Cell, { ending }: Course): boolean {
  const isSignedOn = endsSignOn(step) && ending === "accepted";
  return ending !== "ended" && ending !== "expired" && !isSignedOn;
}

/**
 * With a code; a code that was lost is gone, and a poll may tell late that PingOne has failed the flow, also
 * for the reason of a rejection. A name that PingOne doesn't know leads nowhere, and nobody is told.
 */
function endsWell({ step, outcome }: Cell, { ending }: Course): boolean {
  const isOver = endsSignOn(step) || outcome.effect === "failed" || outcome.wrong === true;
  const isNobody = outcome.name === "404" && steps[step].hidesNames === true;
  return ending === "accepted" || (ending === "ended" && isOver) || isNobody;
}

/**
 * A flow may end over a failure that PingOne told, which may be the reason of a rejection, over a doubt, and
 * where something breaks before tokens have arrived, which come once. It may end over nothing else.
 */
function isFine({ step, point, outcome }: Cell, { ending, doubtful }: Course): boolean {
  const isLost = isGivenOnce(step) && (point !== "nowhere" || outcome.fault !== undefined);
  switch (ending) {
    case "accepted":
    case "rejected":
    case "expired":
      return true;
    case "no-progress":
      return doubtful;
    case "ended":
      return doubtful || outcome.effect === "failed" || outcome.wrong === true || isLost;
    case "lost":
      return false;
  }
}
