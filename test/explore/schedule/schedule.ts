import { portsFor } from "../ports.ts";
import type { Actor, Choice, Course, ScheduleSettings } from "./choice.ts";
import { clockChoices } from "./clock.ts";
import { waysOut } from "./ways-out.ts";

/** What is still under way though nobody waits for it. */
interface Flight {
  readonly key: string;
  choices(): readonly Choice[];
}

const actorNames = ["A", "B", "C", "D"] as const;

/**
 * Requests that run beside each other, each as far as it comes by itself. Whatever leaves a function
 * waits until it is chosen. Nothing else in it takes time or chance, so the same choices always lead
 * to the same place.
 */
export class Schedule implements Course {
  readonly actors: readonly Actor[];
  readonly settings: ScheduleSettings;
  /** The faults that are left. */
  faults: number;
  /** Whether histories are written: not while known choices are made again. */
  keepsHistory = true;
  #flights: readonly Flight[] = [];

  constructor(settings: ScheduleSettings) {
    this.settings = settings;
    this.faults = settings.faults;
    this.actors = settings.requests.map((spec, index) => {
      const name = actorNames[index] ?? "?";
      return { name, spec, pending: undefined, told: 0, history: 0, answer: undefined };
    });
  }

  /** Lets every request come to where it first has to wait. */
  async begin(): Promise<void> {
    const { judge, defect } = this.settings;
    for (const actor of this.actors) {
      judge.enters(actor.name, actor.spec);
      const ports = portsFor(actor.name, this.settings, waysOut(this, actor));
      actor.spec.run(ports).then(
        (given) => {
          const answer = defect?.answer?.(given) ?? given;
          actor.answer = answer;
          judge.answered(actor.name, answer);
        },
        (error: unknown) => judge.threw(actor.name, error),
      );
    }
    await quiet();
  }

  /** All that can happen next, in an order that is always the same. */
  choices(): readonly Choice[] {
    const waiting = this.actors.flatMap(({ pending }) => pending?.() ?? []);
    const late = this.#flights.flatMap((flight) => flight.choices());
    const ticks = waiting.length === 0 ? [] : clockChoices(this.settings);
    return [...waiting, ...late, ...ticks].filter(({ faults }) => faults <= this.faults);
  }

  /** Takes the histories up that a run of the same choices has written, and goes on writing them. */
  recall(histories: readonly number[]): void {
    for (const [index, actor] of this.actors.entries()) actor.history = histories[index] ?? actor.history;
    this.keepsHistory = true;
  }

  /** Makes one of them happen. */
  async take(choice: Choice): Promise<void> {
    this.faults -= choice.faults;
    choice.take();
    await quiet();
  }

  /** All that tells this moment from another: what can follow is the same where this is. */
  key(): string {
    const actors = this.actors.map(({ history }) => history);
    const flights = this.#flights.map(({ key }) => key);
    return `${this.worldKey()} ${actors} ${flights} ${this.faults}`;
  }

  /** All that tells one world from another, whoever is at work in it. */
  worldKey(): string {
    const { names, judge, world } = this.settings;
    const { flows, limits, upstream, now } = world;
    const rows = [...flows.values(), ...limits.values()].map((row) => names.of(names.textOf(row)));
    return `${rows} ${names.of(names.textOf(upstream))} ${now} ${judge.key()}`;
  }

  /** Lets a request go on that has been told something. */
  reply(actor: Actor, told: string, goOn: () => void): void {
    actor.pending = undefined;
    actor.told += 1;
    this.note(actor, told);
    goOn();
  }

  /** Writes something into the history of a request. */
  note(actor: Actor, told: string): void {
    if (!this.keepsHistory) return;
    const { names, world } = this.settings;
    actor.history = names.of(`${actor.history} ${told} ${world.now}`);
  }

  /**
   * Leaves something under way that nobody waits for.
   *
   * @param choices what can come of it; `land` says that it has
   */
  fly(actor: Actor, choices: (land: () => void) => readonly Choice[]): void {
    const flight: Flight = { key: `${actor.name}${actor.told}`, choices: () => choices(land) };
    const land = () => {
      this.#flights = this.#flights.filter((one) => one !== flight);
    };
    this.#flights = [...this.#flights, flight];
  }
}

/** Once everything has gone as far as it comes without another choice. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
