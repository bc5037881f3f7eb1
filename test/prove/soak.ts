import { setTimeout as pause } from "node:timers/promises";
import { people } from "../simulator/people.ts";
import type { Transport } from "./kit/api.ts";
import { type Child, startChild } from "./kit/children.ts";
import { Person } from "./kit/person.ts";
import { type Defect, Misses, type Verdict } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** How to soak. */
export interface Soaking {
  readonly minutes: number;
  readonly concurrent: number;
  /** How long a person thinks between two steps, on average: milliseconds. */
  readonly thinkMs: number;
  readonly random: Random;
  readonly defect: Defect;
  readonly print: (line: string) => void;
}

/** The part of the time after which the heap is first measured. */
const warmUp = 0.2;
const mostGrowth = 0.05;

const { username, password } = people.passwordOnly;
const courses = [
  { policy: "Single_Factor", steps: [["password", { username, password }]] },
  {
    policy: "Identifier_First",
    steps: [
      ["lookup", { username }],
      ["password", { username, password }],
    ],
  },
] as const;

/** People sign on for a long time: nobody meets an error, and the functions' heap does not grow. */
export async function soak(soaking: Soaking): Promise<Verdict> {
  const { minutes, concurrent, defect, print } = soaking;
  const misses = new Misses();
  const ownClock = () => ({ now: () => Date.now() });
  return onStage({ defect, ownClock }, async (stage) => {
    const { now: _, ...setup } = stage.childSetup();
    const child = await startChild(setup);
    const from = performance.now();
    const lasting = minutes * 60_000;
    const until = from + lasting;
    let done = 0;
    const one = async () => {
      while (performance.now() < until) {
        await signOn(stage, child.transport, soaking, misses);
        done += 1;
      }
    };
    const report = (bytes: number) =>
      print(
        `${((performance.now() - from) / 60_000).toFixed(1)} min: ${done} sign-ons, heap ${megabytes(bytes)} MB`,
      );
    try {
      const all = Promise.all(Array.from({ length: concurrent }, one));
      await pause(lasting * warmUp);
      const early = await settledHeap(child);
      report(early);
      while (performance.now() < until) {
        await pause(Math.min(60_000, until - performance.now() + 1));
        report(await child.heap());
      }
      await all;
      const late = await settledHeap(child);
      const growth = late / early - 1;
      misses.unless(growth < mostGrowth, () => `soak: the heap grew by ${percent(growth)}`);
      return {
        rounds: done,
        figure: `${concurrent} at once for ${minutes.toFixed(1)} min; heap ${megabytes(early)} → ${megabytes(late)} MB (${percent(growth)})`,
        misses: misses.all,
      };
    } finally {
      await child.kill();
    }
  });
}

async function signOn(
  stage: Stage,
  transport: Transport,
  { random, thinkMs }: Soaking,
  misses: Misses,
): Promise<void> {
  const think = () => pause(random.below(2 * thinkMs));
  const person = new Person(stage);
  person.transport = transport;
  const { policy, steps } = pick(random, courses);
  await person.start(policy);
  for (const [name, body] of steps) {
    await think();
    const { reply } = await person.step(name, body);
    misses.unless(reply?.http === 200, () => `soak: ${name} got ${reply?.http} ${reply?.problem}`);
  }
  await think();
  const { reply } = await person.step("resume", undefined);
  misses.unless(reply?.body.redirectUri !== undefined, () => `soak: resume got ${reply?.problem}`);
}

/** The least of a few: what is in flight comes and goes. */
async function settledHeap(child: Child): Promise<number> {
  const seen: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    seen.push(await child.heap());
    await pause(200);
  }
  return Math.min(...seen);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
