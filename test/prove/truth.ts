import { type StepName, steps } from "../../lib/flow/steps.ts";
import type { FaultKind } from "../simulator/faults.ts";
import { finish, follow } from "./kit/course.ts";
import type { Mishap } from "./kit/engine-proxy.ts";
import { type Refusal, refusing, sendThrough, shortMs } from "./kit/injection.ts";
import { unlooked } from "./kit/judge.ts";
import { type Cell, cellsOf } from "./kit/matrix.ts";
import { type Conditions, Misses, type Proof, spread, wantedOf } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { keptSteps, sceneAt } from "./kit/scenes.ts";
import { lockMs } from "./kit/spans.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { Witness } from "./kit/witness.ts";

/** What goes wrong a second time, where a doubt is settled. */
const faults: readonly FaultKind[] = [
  { kind: "status", status: 403 },
  { kind: "status", status: 429, retryAfter: 1 },
  { kind: "status", status: 503, applied: true },
  { kind: "reset", applied: true },
];
const mishaps: readonly Mishap[] = ["reply-lost", "unreached"];
/** With so many mishaps no try of a write is left. */
const everyTry = 3;

/**
 * Every problem says of an attempt what the row and PingOne have counted, and of a call what PingOne has
 * seen.
 */
export const truth: Proof = {
  name: "truth",
  async run(conditions) {
    const misses = new Misses();
    const judged = await Promise.all(
      wantedOf(keptSteps, conditions).map((step) => through(step, conditions, misses)),
    );
    const problems = judged.reduce((sum, one) => sum + one.problems, 0);
    const cells = judged.reduce((sum, one) => sum + one.cells, 0);
    return {
      rounds: cells,
      figure: `${problems} problems told the truth in ${cells} cells`,
      misses: misses.all,
    };
  },
};

interface Judged {
  readonly cells: number;
  readonly problems: number;
}

async function through(
  step: StepName,
  { defect, random, rounds }: Conditions,
  misses: Misses,
): Promise<Judged> {
  const refusal: Refusal = { on: false };
  const options = { defect, ports: refusing(refusal), proxied: true, timeoutMs: shortMs };
  return onStage(options, async (stage) => {
    // Once as the matrix has it, and once with the settling disturbed as well; in few rounds, by turns.
    const each = cellsOf(step);
    const all = each.flatMap((cell, index) =>
      [0, 1].map((turn) => ({ cell, again: (index + turn) % 2 > 0 })),
    );
    const cells = spread(all, rounds(all.length, each.length));
    let problems = 0;
    for (const { cell, again } of cells) {
      problems += await witnessed(stage, cell, refusal, { again, random, misses });
      stage.clock.advance(lockMs);
    }
    return { cells: cells.length, problems };
  });
}

interface Round {
  readonly again: boolean;
  readonly random: Random;
  readonly misses: Misses;
}

async function witnessed(stage: Stage, cell: Cell, refusal: Refusal, round: Round): Promise<number> {
  const { step, point, outcome } = cell;
  const scene = await sceneAt(stage, step, outcome.further);
  const label = `truth, ${step}, ${outcome.name}, ${point}${round.again ? ", disturbed" : ""}`;
  const { person, who } = scene;
  const isOpen = steps[step].countsAttempt && (round.again || leavesOpen(cell));
  const witness = new Witness({ person, username: who.username, isOpen, label }, round.misses);
  const sent = await sendThrough(stage, cell, scene, refusal);
  if (round.again) disturb(stage, round.random);
  await follow(person, sent);
  stage.engine.clear();
  stage.simulator.faults.clear();
  // The same request comes once more, as from a client that has missed the reply.
  await person.repeat(sent);
  await finish(scene);
  return witness.judged;
}

/** Whether an answer is lost in a cell, the table's or PingOne's, or can't be understood. */
function leavesOpen({ point, outcome: { fault } }: Cell): boolean {
  if (point !== "nowhere") return point !== "before send";
  if (fault === undefined || fault.kind === "failed") return false;
  return fault.kind !== "status" || !unlooked.includes(fault.status);
}

function disturb({ engine, simulator }: Stage, random: Random): void {
  if (random.chance(0.5)) simulator.faults.script({ ...pick(random, faults), on: "any" });
  else engine.plan(random.chance(0.5) ? "settling" : "ending", pick(random, mishaps), everyTry);
}
