import * as z from "zod";
import type { ProblemName } from "../../../lib/flow/problems.ts";
import { type ApiCall, parseReply, type RawReply } from "./api.ts";
import { isNamed } from "./course.ts";
import { unlooked } from "./judge.ts";
import type { Person } from "./person.ts";
import type { Misses } from "./proof.ts";

/** What has been counted so far: by the row, and by PingOne for the person. */
interface Counts {
  readonly row: number;
  readonly upstream: number;
  /** Whether a step is at work on the flow, or in doubt. */
  readonly isClaimed: boolean;
}

const Counted = z.looseObject({ attemptCounted: z.boolean().nullable() });
const Row = z.looseObject({ attempts: z.number(), claim: z.unknown().optional() });

/** Problems by which the call was not taken up. */
const notTakenUp: readonly string[] = ["rate-limited", "upstream-unavailable"];

/** Whose problems are witnessed, and where. */
interface Attended {
  readonly person: Person;
  readonly username: string;
  /** Whether anything can be left open of an attempt. */
  readonly isOpen: boolean;
  readonly label: string;
}

/** Stands beside a person's client, and holds what each problem says against what was counted and sent. */
export class Witness {
  readonly #attended: Attended;
  readonly #misses: Misses;
  /** What the requests with each token have had counted. */
  readonly #byToken = new Map<string, { row: number; upstream: number }>();
  #rowBefore = 0;
  #judged = 0;

  /** Attends every request of the person from now on. */
  constructor(attended: Attended, misses: Misses) {
    this.#attended = attended;
    this.#misses = misses;
    const { person } = attended;
    const { transport } = person;
    person.transport = async (call) => {
      const before = await this.#look();
      const reply = await transport(call);
      this.#judge(call, reply, before, await this.#look());
      return reply;
    };
  }

  /** How many problems have been held against the counts. */
  get judged(): number {
    return this.#judged;
  }

  async #look(): Promise<Counts> {
    const { username, person } = this.#attended;
    const { stage, flowId } = person;
    const row = Row.safeParse(await stage.rowOf(flowId)).data;
    // Once the row is gone, nothing is counted in it any more.
    this.#rowBefore = row?.attempts ?? this.#rowBefore;
    const upstream = stage.simulator.failures(username);
    return { row: this.#rowBefore, upstream, isClaimed: row?.claim !== undefined };
  }

  #judge(call: ApiCall, raw: RawReply, before: Counts, after: Counts): void {
    const token = call.token ?? "";
    const own = { row: after.row - before.row, upstream: after.upstream - before.upstream };
    const all = this.#byToken.get(token) ?? { row: 0, upstream: 0 };
    all.row += own.row;
    all.upstream += own.upstream;
    this.#byToken.set(token, all);
    const { problem, body } = parseReply(raw);
    if (!isNamed(problem)) return;
    this.#judged += 1;
    const { attemptCounted } = Counted.parse(body);
    const { isOpen } = this.#attended;
    const unless = (isTrue: boolean, why: string) =>
      this.#unless(isTrue, () => `${problem} to ${call.name} says attemptCounted ${attemptCounted}${why}`);
    unless(attemptCounted !== true || all.row > 0 || all.upstream > 0, ", and nobody counted");
    // What settles a doubt answers for the request that fell into it.
    const { row, upstream } = before.isClaimed && !after.isClaimed ? all : own;
    const isUncounted = row === 0 && upstream === 0;
    unless(attemptCounted !== false || isUncounted, `: the row counted ${row}, PingOne ${upstream}`);
    unless(attemptCounted !== null || isOpen, ", and all is known");
    this.#judgeWords(call, problem, raw.text);
  }

  /** Whoever says that nothing came of it has had PingOne look at nothing. */
  #judgeWords({ tag, name }: ApiCall, problem: ProblemName, text: string): void {
    const isInnocent = notTakenUp.includes(problem) || /nothing was|not asked|not taken up/i.test(text);
    const calls = this.#attended.person.stage.callsOf(tag);
    const looked = calls.filter(({ status }) => !unlooked.includes(status)).map(({ action }) => action);
    this.#unless(
      !isInnocent || looked.length === 0,
      () => `${problem} to ${name}, and PingOne had ${looked}`,
    );
  }

  #unless(isTrue: boolean, text: () => string): void {
    this.#misses.unless(isTrue, () => `${this.#attended.label}: ${text()}`);
  }
}
