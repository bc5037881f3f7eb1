import type { Footing } from "../ports.ts";
import type { RequestSpec } from "../requests.ts";
import { refill } from "../world.ts";
import { type Act, Run, type Told } from "./run.ts";

/** All that a request has been told so far, and when. */
export interface Past {
  /** Tells it from every other past of this request. */
  readonly id: number;
  readonly before: Past | undefined;
  /** The last that it was told; nothing where nobody told it, but something was noted. */
  readonly told: Told | undefined;
  /** When: epoch milliseconds. */
  readonly now: number;
  /** What all functions remembered by then, where a defect lets them. */
  readonly memory: readonly (readonly [string, string])[];
  readonly next: Map<string, Past>;
  /** What the request did then, once it is known. */
  known: { readonly acts: readonly Act[]; readonly memory: Past["memory"] } | undefined;
  /** A run of its code that stands here. */
  run: Run | undefined;
}

/**
 * Every past that one request has had. Its code does the same whenever it has been told the same at the same
 * times, since its ports are all that it knows. So it runs once for each past: a run that stands there goes
 * on, or a new one is told all of it again.
 */
export class Pasts {
  readonly #name: string;
  readonly #spec: RequestSpec;
  readonly #footing: Footing;
  #count = 0;

  constructor(name: string, spec: RequestSpec, footing: Footing) {
    this.#name = name;
    this.#spec = spec;
    this.#footing = footing;
  }

  /** The past of a request that has just been made. */
  first(): Past {
    return this.#past(undefined, undefined);
  }

  /** The past of a request that is told something now, or about which something is noted. */
  after(before: Past, text: string, told: Told | undefined): Past {
    const { now } = this.#footing.world;
    const key = `${text} ${now} ${this.#hasMemory ? JSON.stringify(this.#memory()) : ""}`;
    const known = before.next.get(key);
    if (known !== undefined) return known;
    const past = this.#past(before, told);
    before.next.set(key, past);
    return past;
  }

  /** What the request did in the end of this past. */
  async actsIn(past: Past): Promise<readonly Act[]> {
    const { memory } = this.#footing.world;
    if (past.known === undefined) {
      const run = past.before?.run;
      const acts = run === undefined ? await this.#again(past) : await this.#goOn(run, past);
      past.known = { acts, memory: this.#memory() };
    } else if (this.#hasMemory) refill(memory, past.known.memory);
    return past.known.acts;
  }

  async #goOn(run: Run, past: Past): Promise<readonly Act[]> {
    if (past.before !== undefined) past.before.run = undefined;
    past.run = run;
    return run.next(past.told);
  }

  /** Runs the code from its beginning. */
  async #again(past: Past): Promise<readonly Act[]> {
    const { world } = this.#footing;
    const { now } = world;
    let run: Run | undefined;
    let acts: readonly Act[] = [];
    for (const one of lineOf(past)) {
      world.now = one.now;
      if (this.#hasMemory) refill(world.memory, one.memory);
      // Its first part runs at once, so only now.
      run ??= new Run(this.#name, this.#spec, this.#footing);
      acts = await run.next(one.told);
      if (one.known !== undefined && !isSame(one.known.acts, acts)) {
        throw new Error(`${this.#name} was told the same, and did something else.`);
      }
    }
    world.now = now;
    past.run = run;
    return acts;
  }

  get #hasMemory(): boolean {
    return this.#footing.defect?.ports !== undefined;
  }

  #memory(): Past["memory"] {
    return this.#hasMemory ? [...this.#footing.world.memory] : [];
  }

  #past(before: Past | undefined, told: Told | undefined): Past {
    this.#count += 1;
    return {
      ...{ id: this.#count, before, told, now: this.#footing.world.now, memory: this.#memory() },
      ...{ next: new Map(), known: undefined, run: undefined },
    };
  }
}

/** What has made a past, in order; what was only noted says nothing to the code. */
function lineOf(past: Past): readonly Past[] {
  const line: Past[] = [];
  for (let one: Past | undefined = past; one !== undefined; one = one.before) {
    if (one.told !== undefined || one.before === undefined) line.unshift(one);
  }
  return line;
}

function isSame(some: readonly Act[], others: readonly Act[]): boolean {
  return JSON.stringify(some.map(outline)) === JSON.stringify(others.map(outline));
}

/** What tells an act from others, as far as a text can. */
function outline(act: Act): readonly unknown[] {
  switch (act.kind) {
    case "table":
      return [act.kind, act.request.operation, act.request.purpose, act.request.pk];
    case "pingone":
      return [act.kind, act.call];
    case "keys":
      return [act.kind];
    case "waiter":
      return [act.kind, act.news];
    case "answered":
      return [act.kind, act.answer];
    case "threw":
      return [act.kind, String(act.error)];
  }
}
