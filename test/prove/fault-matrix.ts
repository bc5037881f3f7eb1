import { loadConfig } from "../../lib/config.ts";
import type { FlowPorts } from "../../lib/flow/context.ts";
import type { Cookie } from "../../lib/flow/ports.ts";
import type { ClientStep } from "../../lib/flow/steps.ts";
import { createPingOne } from "../../lib/pingone/client.ts";
import { defaults } from "../support/composition.ts";
import { freePort } from "../support/engines.ts";
import { type Course, finish, follow } from "./kit/course.ts";
import { JarWatch, judgeRequests } from "./kit/judge.ts";
import { type Cell, cellsOf } from "./kit/matrix.ts";
import { type Conditions, Misses, type Proof, spread } from "./kit/proof.ts";
import { actionOf, everyStep, type Scene, sceneAt } from "./kit/scenes.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** With so many mishaps no try of a write is left. */
const everyTry = 3;
/** So long that every lock by wrong passwords and codes is over: milliseconds. */
const lockMs = 11 * 60_000;

/** A twentieth of what PingOne may take in production: the matrix waits for it. */
const shortMs = 400;

/** Whether the next call to PingOne finds the connection refused. */
interface Refusal {
  on: boolean;
}

/** Something breaks at each point of a step, whatever PingOne makes of it: the request still ends by name. */
export const faultMatrix: Proof = {
  name: "fault matrix",
  async run(conditions) {
    const misses = new Misses();
    const tally = new Map<string, number>();
    const perStep = everyStep.map((step) => stepThrough(step, conditions, misses, tally));
    const cells = (await Promise.all(perStep)).reduce((sum, count) => sum + count, 0);
    const ends = [...tally].map(([word, count]) => `${count} ${word}`).join(", ");
    return { rounds: cells, figure: `${cells} distinct cells: ${ends}`, misses: misses.all };
  },
};

async function stepThrough(
  step: ClientStep,
  { defect, rounds }: Conditions,
  misses: Misses,
  tally: Map<string, number>,
): Promise<number> {
  const refusal: Refusal = { on: false };
  const ports = await refusing(refusal);
  return onStage({ defect, ports, proxied: true, timeoutMs: shortMs }, async (stage) => {
    const all = cellsOf(step);
    const cells = spread(all, rounds(all.length, all.length));
    for (const cell of cells) {
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
  inject(stage, cell, refusal);
  const sent = await person.step(step, bodyFor(stage, cell, scene));
  heal(stage, refusal);
  const kept = await jar.look(misses, label);
  misses.unless(keepsCookie(cell, kept), () => `${label}: the cookie that came along was not kept`);
  const course = await follow(person, sent);
  await jar.look(misses, label);
  misses.unless(isFine(cell, course), () => `${label}: ${course.ending}, ${course.words.join(", ")}`);
  if (goesOn(cell, course)) {
    const end = await finish(scene);
    const isOver = end.ending === "accepted" || (end.ending === "ended" && step === "resume");
    misses.unless(isOver, () => `${label}: then ${end.ending}, ${end.words.join(", ")}`);
    await jar.look(misses, label);
  }
  judgeRequests(person, misses, label);
  return course.doubtful ? "doubtful, then settled" : course.ending;
}

/** What is sent, after PingOne has been told what to make of it. */
function bodyFor({ simulator }: Stage, { step, outcome }: Cell, { right, wrong }: Scene): Scene["right"] {
  const { fault } = outcome;
  if (outcome.wrong && wrong !== undefined) return wrong;
  if (fault !== undefined) simulator.faults.script({ ...fault, on: actionOf(step) });
  return right;
}

function keepsCookie({ point, outcome }: Cell, kept: readonly Cookie[] | undefined): boolean {
  const isDue = outcome.cookie !== undefined && point === "nowhere";
  return !isDue || kept?.some(({ name }) => name === outcome.cookie) === true;
}

function goesOn({ step }: Cell, { ending }: Course): boolean {
  const isResumed = step === "resume" && ending === "accepted";
  return ending !== "ended" && ending !== "expired" && !isResumed;
}

/** A flow may end over a failure that PingOne told, and over a doubt; and over nothing else. */
function isFine({ outcome }: Cell, { ending, doubtful }: Course): boolean {
  switch (ending) {
    case "accepted":
    case "rejected":
    case "expired":
      return true;
    case "no-progress":
      return doubtful;
    case "ended":
      return doubtful || outcome.effect === "failed";
    case "lost":
      return false;
  }
}

function inject({ engine, upstream }: Stage, { point }: Cell, refusal: Refusal): void {
  const injections: Readonly<Record<Cell["point"], () => void>> = {
    "before claim": () => engine.plan("claim", "unreached", everyTry),
    "after claim": () => engine.plan("claim", "reply-lost", everyTry),
    "before send": () => {
      refusal.on = true;
    },
    "mid-send": () => upstream.breakNext("request"),
    "after send": () => upstream.breakNext("reply"),
    "before commit": () => engine.plan("ending", "unreached", everyTry),
    "after commit": () => engine.plan("ending", "reply-lost", everyTry),
    nowhere: () => undefined,
  };
  injections[point]();
}

function heal({ engine, upstream, simulator }: Stage, refusal: Refusal): void {
  engine.clear();
  upstream.clear();
  simulator.faults.clear();
  refusal.on = false;
}

async function refusing(refusal: Refusal): Promise<(ports: FlowPorts) => FlowPorts> {
  const nobody = `http://127.0.0.1:${await freePort()}/nobody`;
  const { pingOne } = loadConfig({ ...defaults({ baseUrl: nobody }), PINGONE_TIMEOUT_MS: String(shortMs) });
  return (ports) => {
    const unreachable = createPingOne(pingOne, ports.clock);
    const act: FlowPorts["provider"]["act"] = (...call) =>
      (refusal.on ? unreachable : ports.provider).act(...call);
    return { ...ports, provider: { ...ports.provider, act } };
  };
}
