import type { FunctionEnvironment } from "../../lib/config.ts";
import type { Clock } from "../../lib/flow/clock.ts";
import type { MemberKind } from "../../lib/flow/step-definition.ts";
import { steps as definitions, type StepName, stepNames } from "../../lib/flow/steps.ts";
import { likenessOf } from "../support/likeness.ts";
import { isProvedBefore } from "../support/step-scenes.ts";
import { type ApiReply, parseReply } from "./kit/api.ts";
import { type Course, courses, withoutPassword } from "./kit/named-courses.ts";
import { Person } from "./kit/person.ts";
import { type Defect, Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { reasonPlaces, tellReasonsIn } from "./kit/reason-places.ts";
import { rowLikenessOf } from "./kit/row-likeness.ts";
import { onStage, type Stage } from "./kit/stage.ts";
import { mean, trimmedMean } from "./kit/statistics.ts";
import { type OwnTime, ownTime } from "./kit/timing.ts";

/** All of the rounds. */
const full = 2_000;
const minimal: Partial<FunctionEnvironment> = { DISCLOSURE: "minimal" };
/** The limit's own defaults. */
const productionLimits = { NAME_LIMIT: "10", NETWORK_LIMIT: "200" };
/** Longer than their window. */
const windowMs = 301_000;

/**
 * What the answers to a known and an unknown name may differ by, in the mean of our own time: milliseconds.
 */
const boundMs = 1;
/** Fewer rounds are allowed what chance makes of them, and no more than shows a leak of 5 ms. */
const loosestMs = 2.5;
/** How far our clock is ahead of PingOne's, as it always is by the way of an answer: milliseconds. */
const aheadMs = 40;
/** Pairs before the clock counts, for the code to be compiled. */
const warmUp = 5;

/**
 * A name that PingOne knows and one that it doesn't: the same answers in the same time, and the same limit.
 */
export const enumeration: Proof = {
  name: "enumeration",
  async run({ random, rounds, defect, now }) {
    const misses = new Misses();
    const asked = courses.flatMap(({ asks }) => asks.map(({ step }) => step));
    for (const step of stepNames.filter((one) => !isProvedBefore(one) && !isSigned(one))) {
      misses.unless(
        asked.includes(step),
        () => `enumeration: nobody asks ${step}, where nobody is proved yet`,
      );
    }
    const wanted = rounds(full * reasonPlaces.length, 20);
    const time = ownTime(now);
    const ownClock = (pingOnes: Clock) => ({ now: () => pingOnes.now() + aheadMs });
    const options = { defect, environment: minimal, ports: time.ports, ownClock };
    const steps = await onStage(options, async (stage) => {
      const pairs = new Pairs(stage, time, random, misses);
      for (let round = -warmUp; round < wanted; round += 1) {
        tellReasonsIn(stage, round + warmUp);
        await pairs.walk(round >= 0);
      }
      return pairs.judgeTimes();
    });
    const wantedLimits = rounds(100, 2);
    const bitten = await limitPairs(wantedLimits, { random, defect }, misses);
    return {
      rounds: wanted + wantedLimits,
      figure: `${steps}, wherever of ${reasonPlaces.length} places reasons are told; the limit bit at the same try ${bitten} of ${wantedLimits}`,
      misses: misses.all,
    };
  },
};

/**
 * By all the differences where there are enough of them; by fewer, without those that a busy machine makes.
 */
function judged(differences: readonly number[]): { readonly more: number; readonly bound: number } {
  if (differences.length >= full) return { more: mean(differences), bound: boundMs };
  const trimmed = trimmedMean(differences);
  return { more: trimmed.mean, bound: Math.min(loosestMs, boundMs + 3 * trimmed.error) };
}

/** Pairs of a known and an unknown name, side by side. */
class Pairs {
  readonly #differences = new Map<string, number[]>();
  readonly #stage: Stage;
  readonly #time: OwnTime;
  readonly #random: Random;
  readonly #misses: Misses;

  constructor(stage: Stage, time: OwnTime, random: Random, misses: Misses) {
    this.#stage = stage;
    this.#time = time;
    this.#random = random;
    this.#misses = misses;
  }

  /** One pair for each step; its times count unless the code is still being compiled. */
  async walk(counts: boolean): Promise<void> {
    for (const course of courses) await this.#course(course, counts);
    const known = pick(this.#random, withoutPassword).username;
    await this.#compare("start with a hint", counts, [known, unknownName(this.#random)], (username) =>
      startWithHint(this.#stage, username),
    );
    // Locks come and go.
    this.#stage.clock.advance(this.#random.below(90_000));
  }

  /** Holds the means to the bound. Gives them in words. */
  judgeTimes(): string {
    const apart = [...this.#differences].map(([label, differences]) => {
      const { more, bound } = judged(differences);
      this.#misses.unless(
        Math.abs(more) < bound,
        () => `enumeration, ${label}: a known name takes ${more.toFixed(2)} ms more`,
      );
      return Math.abs(more);
    });
    return `${apart.length} steps alike, at most ${Math.max(...apart).toFixed(2)} ms apart`;
  }

  async #course({ policy, whom, asks }: Course, counts: boolean): Promise<void> {
    const names = [pick(this.#random, whom).username, unknownName(this.#random)] as const;
    const people = new Map(names.map((name) => [name, new Person(this.#stage)]));
    for (const person of people.values()) await person.start(policy);
    for (const { label, step, body } of asks) {
      await this.#compare(label, counts, names, async (username) => {
        const person = people.get(username) ?? new Person(this.#stage);
        return (await person.step(step, body(username, person))).reply;
      });
    }
    const rows = [...people.values()].map(async ({ flowId }) =>
      rowLikenessOf(await this.#stage.rowOf(flowId), this.#stage.clock.now()),
    );
    const [left, right] = await Promise.all(rows);
    this.#misses.unless(
      left === right,
      () =>
        `enumeration, the row after ${asks.at(-1)?.label}: ${names[0]} leaves\n${left}\nand nobody\n${right}`,
    );
  }

  async #compare(
    label: string,
    counts: boolean,
    [known, unknown]: readonly [known: string, unknown: string],
    send: (username: string) => Promise<ApiReply | undefined>,
  ): Promise<void> {
    const knownFirst = this.#random.chance(0.5);
    const first = await this.#time.of(() => send(knownFirst ? known : unknown));
    const second = await this.#time.of(() => send(knownFirst ? unknown : known));
    const [ofKnown, ofUnknown] = knownFirst ? [first, second] : [second, first];
    const [left, right] = [ofKnown.value, ofUnknown.value].map(likeness);
    this.#misses.unless(
      left === right,
      () => `enumeration, ${label}: ${known} tells:\n${left}\nand a name that nobody has:\n${right}`,
    );
    if (!counts) return;
    const differences = this.#differences.get(label) ?? [];
    differences.push(ofKnown.ms - ofUnknown.ms);
    this.#differences.set(label, differences);
  }
}

/**
 * The two names of each pair by turns, from one network, until the limit has bitten. Gives how
 * often it bit alike.
 */
async function limitPairs(
  wanted: number,
  { random, defect }: { readonly random: Random; readonly defect: Defect },
  misses: Misses,
): Promise<number> {
  const { NAME_LIMIT, NETWORK_LIMIT } = productionLimits;
  const environment = { ...minimal, NAME_LIMIT, NETWORK_LIMIT };
  let alike = 0;
  await onStage({ defect, environment }, async (stage) => {
    for (let round = 0; round < wanted; round += 1) {
      const tries = await askUntilLimited(stage, random);
      const isAlike = tries.every(({ known, unknown }) => likeness(known) === likeness(unknown));
      const hasBitten = tries.at(-1)?.known?.problem === "rate-limited";
      misses.unless(isAlike && hasBitten, () => `enumeration, limit: ${tries.map(inWords).join(", ")}`);
      if (isAlike && hasBitten) alike += 1;
      stage.clock.advance(windowMs);
    }
  });
  return alike;
}

interface Tried {
  readonly known: ApiReply | undefined;
  readonly unknown: ApiReply | undefined;
}

async function askUntilLimited(stage: Stage, random: Random): Promise<readonly Tried[]> {
  const names = { known: pick(random, withoutPassword).username, unknown: unknownName(random) };
  const asked: Tried[] = [];
  // Time frees a try now and then: more are asked for than there can be.
  while (asked.length < 30 && asked.at(-1)?.known?.problem !== "rate-limited") {
    const byHint = random.chance(0.5);
    const send = (username: string) => (byHint ? startWithHint(stage, username) : lookUp(stage, username));
    asked.push({ known: await send(names.known), unknown: await send(names.unknown) });
    stage.clock.advance(random.below(20_000));
  }
  return asked;
}

async function lookUp(stage: Stage, username: string): Promise<ApiReply | undefined> {
  const person = new Person(stage);
  await person.start("Passwordless");
  return (await person.step("lookup", { username })).reply;
}

async function startWithHint(stage: Stage, loginHint: string): Promise<ApiReply> {
  const body = { policy: "Passwordless", codeChallenge: "c".repeat(43), loginHint };
  return parseReply(await stage.transport({ name: "start", tag: "hint", body }));
}

function unknownName(random: Random): string {
  const letters = Array.from({ length: 3 + random.below(4) }, () =>
    String.fromCharCode(97 + random.below(26)),
  );
  return `${letters.join("")}.nobody@example.com`;
}

function likeness(reply: ApiReply | undefined): string {
  return reply === undefined ? "" : likenessOf({ ...reply, headers: Object.entries(reply.headers) });
}

function inWords({ known, unknown }: Tried): string {
  return `${known?.problem ?? known?.http}/${unknown?.problem ?? unknown?.http}`;
}

/** A passkey's options and a push are of one person: their statuses tell of them by themselves. */
function isSigned(step: StepName): boolean {
  const { members, resends, forgetsPerson } = { resends: false, forgetsPerson: false, ...definitions[step] };
  const kinds = Object.values<MemberKind>(members);
  return kinds.includes("signed") || (kinds.length === 0 && !resends && !forgetsPerson);
}
