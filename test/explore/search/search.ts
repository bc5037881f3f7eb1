import type { Violation } from "../judge/check.ts";
import type { Choice } from "../schedule/choice.ts";
import { Names } from "../schedule/names.ts";
import type { Moment, Schedule } from "../schedule/schedule.ts";
import { type Sleepers, stillAsleep } from "./commuting.ts";
import { Endings } from "./endings.ts";
import { opened, type Prepared } from "./plan.ts";

/** Something that did not hold, and how it comes about. */
export interface Finding extends Violation {
  /** The choices, by their names. */
  readonly choices: readonly string[];
  /** What a client went through afterwards, where it takes one to notice. */
  readonly words: readonly string[];
}

/** How much was looked at. */
export interface Figures {
  /** Runs: each to an end, or to a state that was known. */
  schedules: number;
  /** Those of them that ended in a known state. */
  pruned: number;
  /** Choices that were not made, since the same came of them in another order. */
  asleep: number;
  states: number;
  /** Clients that were followed to the end of their way. */
  followed: number;
}

/** What was found, and how much was looked at. */
export interface Findings extends Figures {
  readonly findings: readonly Finding[];
}

/** One place on the way, and what is left to try from there. */
interface Place {
  readonly moves: readonly Choice[];
  /** The choices to be made from here, by their place in the list, the one that is made now first. */
  readonly left: number[];
  /** What sleeps here. */
  sleepers: Sleepers;
  readonly faults: number;
  /** To come back to; nothing where there is only one choice to be made. */
  readonly moment: Moment | undefined;
}

/** As many findings as are kept of one plan. */
const mostFindings = 20;

/**
 * Looks at every schedule of a plan: depth first, each from the last moment that has a choice left. A state
 * that is known is not gone on from, and of two choices that can change places only one order is looked at.
 *
 * @param enough how many findings are enough
 */
export async function search(prepared: Prepared, enough = mostFindings): Promise<Findings> {
  const way = new Way(prepared);
  while (way.findings.length < enough && (await way.goOn())) way.back();
  return { ...way.figures, followed: way.followed, findings: way.findings };
}

/** A way through all schedules. */
class Way {
  readonly findings: Finding[] = [];
  readonly figures: Figures = { schedules: 0, pruned: 0, asleep: 0, states: 0, followed: 0 };
  readonly #schedule: Schedule;
  /** What is asleep in each known state, and was never made from there. */
  readonly #known = new Map<string, ReadonlySet<string>>();
  readonly #places: Place[] = [];
  readonly #endings: Endings;
  #hasBegun = false;

  constructor(prepared: Prepared) {
    this.#schedule = opened(prepared, new Names());
    this.#endings = new Endings(prepared.ground.unanswered);
  }

  get followed(): number {
    return this.#endings.followed;
  }

  /** Goes one schedule on as far as it is new. Gives whether there was one left. */
  async goOn(): Promise<boolean> {
    const last = this.#places.at(-1);
    if (this.#hasBegun && last === undefined) return false;
    this.figures.schedules += 1;
    if (last === undefined) await this.#schedule.begin();
    else if (last.moment !== undefined) this.#schedule.comeBack(last.moment, last.left.length === 1);
    let isNew = this.#hasBegun || (await this.#isNew(new Map()));
    this.#hasBegun = true;
    while (isNew) {
      const place = this.#places.at(-1);
      const choice = place?.moves[place.left[0] ?? -1];
      if (place === undefined || choice === undefined) break;
      await this.#schedule.take(choice);
      isNew = await this.#isNew(stillAsleep(place.sleepers, choice, place.faults));
    }
    return true;
  }

  /** Goes back to where something is left to try. */
  back(): void {
    for (let place = this.#places.at(-1); place !== undefined; place = this.#places.at(-1)) {
      const made = place.moves[place.left.shift() ?? -1];
      if (made !== undefined) place.sleepers = new Map([...place.sleepers, [made.name, made]]);
      if (place.left.length > 0) return;
      this.#places.pop();
    }
  }

  /** Whether there is something new to try from here: then it is the last place. */
  async #isNew(sleepers: Sleepers): Promise<boolean> {
    const schedule = this.#schedule;
    const { violation } = schedule.settings.judge;
    if (violation !== undefined) return this.#found({ ...violation, words: [] });
    const key = schedule.key();
    const owed = this.#known.get(key);
    const moves = schedule.choices();
    const isTried = ({ name }: Choice) => sleepers.has(name) || owed?.has(name) === false;
    const left = moves.flatMap((move, index) => (isTried(move) ? [] : [index]));
    this.#known.set(
      key,
      new Set(
        moves.filter(({ name }) => sleepers.has(name) && owed?.has(name) !== false).map(({ name }) => name),
      ),
    );
    if (owed === undefined) {
      this.figures.states += 1;
      this.figures.asleep += moves.length - left.length;
      const fault = await this.#endings.faultAt(schedule);
      if (fault !== undefined) return this.#found(fault);
    } else if (left.length === 0) this.figures.pruned += 1;
    if (left.length === 0) return false;
    const moment = left.length > 1 ? schedule.moment() : undefined;
    this.#places.push({ moves, left, sleepers, faults: schedule.faults, moment });
    return true;
  }

  #found(fault: Omit<Finding, "choices">): false {
    const choices = this.#places.flatMap(({ moves, left }) => moves[left[0] ?? -1]?.name ?? []);
    this.findings.push({ ...fault, choices });
    return false;
  }
}
