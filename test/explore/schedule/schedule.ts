import { copyOfLedger, type Ledger } from "../judge/ledger.ts";
import { become, copyOf, type World } from "../world.ts";
import type { Actor, Choice, Course, ScheduleSettings, Standing } from "./choice.ts";
import { clockChoices } from "./clock.ts";
import { type Past, Pasts } from "./past.ts";
import type { Act, Told } from "./run.ts";
import { choicesFor } from "./ways-out.ts";

/** What is still under way though nobody waits for it. */
interface Flight {
  readonly key: string;
  choices(): readonly Choice[];
}

/** A moment of a schedule, to come back to. */
export interface Moment {
  readonly standings: readonly Standing[];
  readonly flights: readonly Flight[];
  readonly faults: number;
  readonly world: World;
  readonly ledger: Ledger;
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
  readonly #pasts: ReadonlyMap<Actor, Pasts>;
  #flights: readonly Flight[] = [];
  /** Who has been told something and has not gone on yet. */
  #goingOn: Actor | undefined;

  constructor(settings: ScheduleSettings) {
    this.settings = settings;
    this.faults = settings.faults;
    const pasts = settings.requests.map((spec, index): [Actor, Pasts] => {
      const name = actorNames[index] ?? "?";
      const own = new Pasts(name, spec, settings);
      return [{ name, spec, ...unsent, past: own.first(), told: 0 }, own];
    });
    this.#pasts = new Map(pasts);
    this.actors = pasts.map(([actor]) => actor);
  }

  /** Lets every request come to where it first has to wait. */
  async begin(): Promise<void> {
    for (const actor of this.actors) this.settings.judge.enters(actor.name, actor.spec);
    for (const actor of this.actors) await this.#goOn(actor);
  }

  /** All that can happen next, in an order that is always the same. */
  choices(): readonly Choice[] {
    const waiting = this.actors.flatMap((actor) => choicesFor(this, actor));
    const late = this.#flights.flatMap((flight) => flight.choices());
    const ticks = waiting.length === 0 ? [] : clockChoices(this.settings);
    return [...waiting, ...late, ...ticks].filter(({ faults }) => faults <= this.faults);
  }

  /** Makes one of them happen. */
  async take(choice: Choice): Promise<void> {
    this.faults -= choice.faults;
    choice.take();
    const actor = this.#goingOn;
    this.#goingOn = undefined;
    if (actor !== undefined) await this.#goOn(actor);
  }

  /** This moment, to come back to. */
  moment(): Moment {
    const { world, judge } = this.settings;
    return {
      standings: this.actors.map(({ name, spec, ...standing }) => standing),
      ...{ flights: this.#flights, faults: this.faults },
      ...{ world: copyOf(world), ledger: copyOfLedger(judge.ledger) },
    };
  }

  /** Comes back to a moment: its choices can be made again. @param isLast whether nobody comes back to it */
  comeBack({ standings, flights, faults, world, ledger }: Moment, isLast: boolean): void {
    for (const [index, actor] of this.actors.entries()) Object.assign(actor, standings[index]);
    this.#flights = flights;
    this.faults = faults;
    become(this.settings.world, world);
    this.settings.judge.ledger = isLast ? ledger : copyOfLedger(ledger);
    this.settings.judge.violation = undefined;
  }

  /** All that tells this moment from another: what can follow is the same where this is. */
  key(): string {
    const pasts = this.actors.map(({ past }) => past.id);
    const flights = this.#flights.map(({ key }) => key);
    return `${this.worldKey()} ${pasts} ${flights} ${this.faults}`;
  }

  /** All that tells one world from another, whoever is at work in it. */
  worldKey(): string {
    const { names, judge, world } = this.settings;
    const { flows, limits, upstream, now } = world;
    const rows = [...flows.values(), ...limits.values()].map((row) => names.of(names.textOf(row)));
    return `${rows} ${names.of(names.textOf(upstream))} ${now} ${judge.key()}`;
  }

  /** Lets a request go on that is told something; without that it goes on waiting, and it is noted. */
  reply(actor: Actor, text: string, told: Told | undefined): void {
    const past = this.#pasts.get(actor)?.after(actor.past, text, told);
    if (past === undefined) throw new Error(`Nobody knows ${actor.name}.`);
    if (told === undefined) moveRun(actor.past, past);
    else {
      Object.assign(actor, { ...unsent, answer: actor.answer, told: actor.told + 1 });
      this.#goingOn = actor;
    }
    actor.past = past;
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

  async #goOn(actor: Actor): Promise<void> {
    const acts = await this.#pasts.get(actor)?.actsIn(actor.past);
    for (const act of acts ?? []) this.#note(actor, act);
  }

  #note(actor: Actor, act: Act): void {
    const { judge } = this.settings;
    switch (act.kind) {
      case "table":
        judge.sends(actor.name);
        actor.pending = act;
        break;
      case "pingone":
        judge.asks(actor.name);
        actor.pending = act;
        break;
      case "keys":
        actor.pending = act;
        break;
      case "waiter":
        judge.tells(actor.name);
        actor.pending = act;
        break;
      case "answered":
        actor.answer = act.answer;
        judge.answered(actor.name, act.answer);
        break;
      case "threw":
        judge.threw(actor.name, act.error);
        break;
    }
  }
}

const unsent = { pending: undefined, earlier: { tries: 0, hasWritten: false }, answer: undefined };

/** A run stands in one past: it goes on once. */
function moveRun(from: Past, to: Past): void {
  to.run ??= from.run;
  from.run = undefined;
}
