import { ExecutionEnvironment, type ExecutionOptions } from "./execution-environment.ts";
import type { DeployedFunction } from "./functions.ts";
import type { Outcome } from "./runtime-api.ts";

/** How many processes one function may have on this machine; requests beyond that wait. */
const most = 4;

/** What became of a request for a function; throttled where the template reserves less than is asked for. */
export type Invoked = Outcome | { readonly kind: "throttled" };

/** The processes of one function: started when one is wanted, used again, and replaced when they die. */
export class FunctionPool {
  readonly definition: DeployedFunction;
  readonly #options: ExecutionOptions;
  readonly #started = new Set<Promise<ExecutionEnvironment>>();
  readonly #waiting: (() => void)[] = [];
  readonly #busy = new Set<ExecutionEnvironment>();
  #idle: ExecutionEnvironment[] = [];
  #asked = 0;
  #running = 0;
  #closed = false;

  constructor(definition: DeployedFunction, options: ExecutionOptions) {
    this.definition = definition;
    this.#options = options;
  }

  /** The numbers of the processes that wait for work. */
  get idle(): readonly number[] {
    return pidsOf(this.#idle);
  }

  /** The numbers of the processes that are at work. */
  get busy(): readonly number[] {
    return pidsOf([...this.#busy]);
  }

  /** Runs the function once, in a process that nothing else runs in meanwhile. */
  async invoke(payload: string): Promise<Invoked> {
    if (this.#asked >= (this.definition.reserved ?? Number.POSITIVE_INFINITY)) return { kind: "throttled" };
    this.#asked += 1;
    await this.#turn();
    try {
      return this.#closed ? { kind: "crashed" } : await this.#run(payload);
    } finally {
      this.#asked -= 1;
      this.#pass();
    }
  }

  /** Has so many processes wait for work, as provisioned concurrency would. */
  async provision(count: number): Promise<void> {
    const missing = Math.max(0, Math.min(count, most) - this.idle.length);
    const started = await Promise.all(Array.from({ length: missing }, () => this.#start()));
    await Promise.all(started.map((environment) => environment.ready()));
    this.#idle.push(...started);
  }

  /** Ends every process and waits until all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const started = await Promise.all(this.#started);
    await Promise.all(started.map((environment) => environment.stop()));
    this.#idle = [];
  }

  async #run(payload: string): Promise<Outcome> {
    this.#idle = this.#idle.filter(({ isAlive }) => isAlive);
    const environment = this.#idle.pop() ?? (await this.#start());
    this.#busy.add(environment);
    const outcome = await environment.invoke(payload);
    this.#busy.delete(environment);
    if (environment.isAlive) this.#idle.push(environment);
    return outcome;
  }

  async #start(): Promise<ExecutionEnvironment> {
    const starting = ExecutionEnvironment.start(this.definition, this.#options);
    this.#started.add(starting);
    return starting;
  }

  async #turn(): Promise<void> {
    if (this.#running >= most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

function pidsOf(environments: readonly ExecutionEnvironment[]): readonly number[] {
  return environments.flatMap(({ isAlive, pid }) => (isAlive && pid !== undefined ? [pid] : []));
}
