import { setTimeout as pause } from "node:timers/promises";
import type { Transport } from "./kit/api.ts";
import { type Child, startChild } from "./kit/children.ts";
import { Person } from "./kit/person.ts";
import { type Defect, Misses, type Verdict } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { drawSignOn, drawStep } from "./kit/sign-on.ts";
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
const minuteMs = 60_000;

/**
 * People sign on for a long time, under every policy: nobody meets an error, and the heap of the process that
 * the functions run in does not grow.
 */
export async function soak(soaking: Soaking): Promise<Verdict> {
  const { minutes, concurrent, defect, print } = soaking;
  const ownClock = () => ({ now: () => Date.now() });
  return onStage({ defect, ownClock }, async (stage) => {
    const { now: _, ...setup } = stage.childSetup();
    const child = await startChild(setup);
    const tally = new Tally();
    const watch = watchOver(child, tally, print);
    const stop = new AbortController();
    const one = async () => {
      while (!stop.signal.aborted) await signOn(stage, child.transport, soaking, tally);
    };
    try {
      const all = Promise.all(Array.from({ length: concurrent }, one));
      // Both times everybody is signing on: what they have in flight would be growth, or hide it.
      const early = await watch(minutes * minuteMs * warmUp);
      const late = await watch(minutes * minuteMs);
      stop.abort();
      await all;
      const growth = late / early - 1;
      tally.misses.unless(growth < mostGrowth, () => `soak: the heap grew by ${percent(growth)}`);
      const from = (minutes * warmUp).toFixed(1);
      return {
        rounds: tally.signOns,
        figure: `${concurrent} at once for ${minutes.toFixed(1)} min; ${tally.text()}; heap of the functions' process after forced collection, all signing on, from minute ${from}: ${megabytes(early)} → ${megabytes(late)} MB (${percent(growth)})`,
        misses: tally.misses.all,
      };
    } finally {
      stop.abort();
      await child.kill();
    }
  });
}

/** What has been done so far. */
class Tally {
  readonly misses = new Misses();
  signOns = 0;
  #errors = 0;
  readonly #requests = new Map<string, number>();

  note(name: string, isRight: boolean, text: () => string): void {
    this.#requests.set(name, (this.#requests.get(name) ?? 0) + 1);
    if (!isRight) this.#errors += 1;
    this.misses.unless(isRight, text);
  }

  text(): string {
    const requests = [...this.#requests].map(([name, count]) => `${count} ${name}`).join(", ");
    return `${this.signOns} sign-ons, ${this.#errors} errors in ${requests}`;
  }
}

/**
 * Gives a function that waits for a moment, says at each full minute how it goes, and measures the heap then.
 */
function watchOver(child: Child, tally: Tally, print: (line: string) => void) {
  const from = performance.now();
  const passed = () => performance.now() - from;
  const say = (bytes: number) =>
    print(`${(passed() / minuteMs).toFixed(1)} min: ${tally.text()}; heap ${megabytes(bytes)} MB`);
  const waitFor = (ms: number) => pause(Math.max(0, ms - passed()));
  return async (end: number): Promise<number> => {
    for (let at = nextMinute(passed()); at < end; at += minuteMs) {
      await waitFor(at);
      say(await child.heap());
    }
    await waitFor(end);
    const heap = await settledHeap(child);
    say(heap);
    return heap;
  };
}

function nextMinute(ms: number): number {
  return (Math.floor(ms / minuteMs) + 1) * minuteMs;
}

async function signOn(
  stage: Stage,
  transport: Transport,
  { random, thinkMs }: Soaking,
  tally: Tally,
): Promise<void> {
  const person = new Person(stage);
  person.transport = transport;
  const drawn = drawSignOn(random);
  const isStarted = await person.start(drawn.policy).then(
    () => true,
    () => false,
  );
  const begun = person.sent.at(-1)?.reply;
  tally.note("start", isStarted, () => `soak: start got ${begun?.http} ${begun?.problem}`);
  if (!isStarted) return;
  for (
    let next = drawStep(drawn, person, random);
    next !== undefined;
    next = drawStep(drawn, person, random)
  ) {
    await pause(random.below(2 * thinkMs));
    const { step, body } = next;
    const { reply } = await person.step(step, body);
    tally.note(step, reply?.http === 200, () => `soak: ${step} got ${reply?.http} ${reply?.problem}`);
  }
  const { reply } = person.sent.at(-1) ?? {};
  const isDone = reply?.body.redirectUri !== undefined;
  tally.misses.unless(isDone, () => `soak: a ${drawn.policy} sign-on ended at ${reply?.body.status}`);
  if (isDone) tally.signOns += 1;
}

/** The least of a few: what is in flight comes and goes. */
async function settledHeap(child: Child): Promise<number> {
  const seen: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    seen.push(await child.heap());
    await pause(200);
  }
  return Math.min(...seen);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
