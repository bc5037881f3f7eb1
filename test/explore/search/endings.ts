import { Client, type Course, type Sent } from "../client.ts";
import { runAlone } from "../immediate.ts";
import type { Violation } from "../judge/check.ts";
import { Judge } from "../judge/judge.ts";
import { copyOfLedger } from "../judge/ledger.ts";
import { type RequestSpec, watchRequest } from "../requests.ts";
import type { Actor } from "../schedule/choice.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { copyOf } from "../world.ts";

/** Where a schedule may stop: whoever is still at work dies, and some answers never arrive. */
interface Stop {
  readonly lost: readonly Actor[];
}

/** Every way to stop here that the faults allow: each death and each lost answer is one. */
function stopsOf({ actors, faults }: Schedule): readonly Stop[] {
  const dying = actors.filter(({ pending }) => pending !== undefined);
  const left = faults - dying.length;
  if (left < 0) return [];
  const answered = actors.filter(({ answer }) => answer !== undefined);
  return subsetsOf(answered, left).map((lost) => ({ lost }));
}

function subsetsOf<One>(all: readonly One[], most: number): readonly (readonly One[])[] {
  const [first, ...others] = all;
  if (first === undefined) return [[]];
  const without = subsetsOf(others, most);
  return most === 0 ? without : [...without, ...subsetsOf(others, most - 1).map((some) => [first, ...some])];
}

/** What is wrong with stopping somewhere. */
type Fault = Violation & Pick<Course, "words">;

/** Whether there is a way on from here for everybody, wherever it stops. */
export class Endings {
  readonly #unanswered: readonly Sent[];
  readonly #known = new Set<number>();

  /** @param unanswered what the client asked for before, and was not answered */
  constructor(unanswered: readonly RequestSpec[]) {
    this.#unanswered = unanswered.map((spec) => ({ spec, answer: undefined }));
  }

  /** How many ways on were followed. */
  get followed(): number {
    return this.#known.size;
  }

  /** What is wrong with stopping here. @param check the only check that matters */
  async faultAt(schedule: Schedule, check?: string): Promise<Fault | undefined> {
    for (const { lost } of stopsOf(schedule)) {
      const fault = await this.#faultOf(schedule, lost);
      if (fault !== undefined && (check === undefined || check === fault.check)) return fault;
    }
    return undefined;
  }

  async #faultOf(schedule: Schedule, lost: readonly Actor[]): Promise<Fault | undefined> {
    const { names } = schedule.settings;
    const sent = schedule.actors
      .filter(({ spec: { role } }) => role === "holder" || role === "repeater")
      .map(
        ({ spec, answer, ...actor }): Sent => ({
          spec,
          answer: lost.some(({ name }) => name === actor.name) ? undefined : answer,
        }),
      );
    const known = sent.map(({ spec, answer }) => `${spec.name} ${names.textOf(answer)}`);
    const key = names.of(`${schedule.worldKey()} ${known}`);
    if (this.#known.has(key)) return undefined;
    this.#known.add(key);
    return (await look(schedule)) ?? (await followAll(schedule, sent, this.#unanswered));
  }
}

/** Whichever of its requests a client looks at last, there has to be a way on. */
async function followAll(
  schedule: Schedule,
  sent: readonly Sent[],
  before: readonly Sent[],
): Promise<Fault | undefined> {
  for (const [index, last] of sent.entries()) {
    const fault = await follow(schedule, last, [...before, ...sent.toSpliced(index, 1)]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

async function follow(schedule: Schedule, last: Sent, others: readonly Sent[]): Promise<Fault | undefined> {
  const { footing, judge } = stillOf(schedule);
  const key = { flowId: footing.world.flowId, flowToken: last.spec.token };
  const { isOver, words } = await new Client(footing, judge, key, [...others, last]).goOn();
  if (judge.violation !== undefined) return { ...judge.violation, words };
  return isOver ? undefined : { check: "a way on", text: "a client finds no way on", words };
}

/** A workflow looks: what it sees has to be true. */
async function look(schedule: Schedule): Promise<Fault | undefined> {
  const { footing, judge } = stillOf(schedule);
  await runAlone("w", watchRequest(footing.world.flowId), footing, judge);
  return judge.violation && { ...judge.violation, words: ["a workflow looks"] };
}

function stillOf({ settings }: Schedule) {
  const world = copyOf(settings.world);
  const judge = new Judge(world, copyOfLedger(settings.judge.ledger), settings.settings);
  return { footing: { ...settings, world }, judge };
}
