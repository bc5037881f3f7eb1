import { callSides } from "./call.ts";
import { costOf } from "./cost.ts";
import { loadSides } from "./load.ts";
import type { Measured } from "./measured.ts";
import { heapOver } from "./memory.ts";
import { type Counts, inTurn, only, percentile } from "./rounds.ts";
import { signOnSides } from "./sign-on.ts";
import { ownTimes, stepSides } from "./step.ts";
import type { Surroundings } from "./surroundings.ts";
import { tableUse } from "./writes.ts";

/** What a run measures with. */
interface Run {
  readonly surroundings: Surroundings;
  /** The commit to compare with. */
  readonly before: string | undefined;
  readonly counts: Counts;
  readonly signOns: number;
}

/** One subject: it may be measured in several respects. */
export type Measurement = (run: Run) => Promise<readonly Measured[]>;

/** How long a whole request takes where PingOne and DynamoDB are near, for the costs: milliseconds. */
const usualRequestMs = 150;

const load: Measurement = async ({ before, counts }) => {
  const figures = await inTurn(await loadSides("otp", before), counts);
  return [{ title: "Loading otp in a fresh process", unit: "ms", figures }];
};

const call: Measurement = async ({ counts }) => {
  const measured: Measured[] = [];
  for (const roundTripMs of [0, 10, 30]) {
    const { sides, stop } = await callSides(roundTripMs, 3 * roundTripMs + 5);
    const figures = await inTurn(sides, counts);
    measured.push({ title: `A call over TLS at ${roundTripMs} ms`, unit: "ms", figures });
    stop();
  }
  return measured;
};

const step: Measurement = async ({ surroundings, counts }) => {
  const measured: Measured[] = [];
  for (const atOnce of [1, 50]) {
    const { sides, stop } = stepSides(surroundings, atOnce);
    const figures = await inTurn(sides, counts);
    measured.push({ title: `A whole step, ${atOnce} at once`, unit: "ms", figures });
    stop();
  }
  const own = await ownTimes(surroundings, 25 * counts.rounds);
  const figures = { p50: [percentile(own, 0.5)], p99: [percentile(own, 0.99)] };
  return [...measured, { title: "Own time of a step", unit: "ms", figures }];
};

const signOn: Measurement = async ({ surroundings, before, counts }) => {
  const { sides, stop } = await signOnSides(surroundings, before, { each: 40, atOnce: 4 });
  const measured = await inTurn(sides, { ...counts, warmUp: 3 });
  await stop();
  return [
    { title: "CPU of a sign-on", unit: "ms", figures: only(measured, ({ cpuMs }) => cpuMs) },
    {
      title: "Sign-ons, 4 at once",
      unit: "sign-ons a second",
      figures: only(measured, ({ perSecond }) => perSecond),
    },
  ];
};

const writes: Measurement = async ({ surroundings }) => {
  const use = Object.entries(await tableUse(surroundings));
  const by = (figure: (requests: (typeof use)[number][1]) => number) =>
    Object.fromEntries(use.map(([name, requests]) => [name, [figure(requests)]]));
  return [
    { title: "Requests to the table", unit: "requests", figures: by(({ length }) => length) },
    {
      title: "Bytes to and from the table",
      unit: "bytes",
      figures: by((all) => all.reduce((sum, { sentBytes, gotBytes }) => sum + sentBytes + gotBytes, 0)),
    },
  ];
};

const memory: Measurement = async ({ surroundings, signOns }) => {
  const figures = await heapOver(surroundings, signOns);
  return [{ title: "Heap of a process that signs people on", unit: "MB", figures }];
};

const cost: Measurement = async ({ surroundings }) => {
  const parts = Object.entries(costOf(await tableUse(surroundings), usualRequestMs));
  const figures = Object.fromEntries(parts.map(([part, usd]) => [part, [usd]]));
  return [{ title: "A million sign-ons", unit: "USD", figures }];
};

/** All subjects, by the names that the runner takes. */
export const measurements = {
  load,
  call,
  step,
  "sign-on": signOn,
  writes,
  memory,
  cost,
} as const satisfies Readonly<Record<string, Measurement>>;

/** The name of a subject. */
export type MeasurementName = keyof typeof measurements;

/** Their names, in the order in which they run. */
export const measurementNames: readonly MeasurementName[] = [
  ...(["load", "call", "step", "sign-on", "writes", "memory", "cost"] as const),
];
