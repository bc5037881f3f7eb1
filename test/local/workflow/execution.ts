import { ExecutionError, ExecutionTimeoutError, StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import { ReportedFailure, type TaskCallbacks, type WaitingTask } from "../aws/task-callbacks.ts";
import type { Invoked } from "../deployed/function-pool.ts";
import { functionNameIn } from "../deployed/functions.ts";
import type { Definition, State } from "./definition.ts";
import type { ForwardClock } from "./forward-clock.ts";
import { LambdaParameters, type LostName, TaskFailed, taskResult } from "./lambda-integration.ts";
import { Queue } from "./queue.ts";

/** A task that Step Functions has Lambda run: once for each try of a state. */
export interface Invocation {
  readonly state: string;
  /** By its name in the template. */
  readonly functionName: string;
  readonly payload: string;
}

/** What every execution here is called. */
export const executionName = "the-request-of-a-customer";

/** How an execution came to its end. */
export type Ending =
  | { readonly status: "SUCCEEDED"; readonly state: string; readonly output: unknown }
  | { readonly status: "FAILED"; readonly state: string; readonly error: string; readonly cause: string }
  | { readonly status: "TIMED_OUT"; readonly state: string };

/** What an execution runs on. */
export interface Surroundings {
  readonly clock: ForwardClock;
  readonly callbacks: TaskCallbacks;
  /** Lambda. */
  readonly invoke: (invocation: Invocation) => Promise<Invoked>;
  /** The customer's own functions, by the state that they are behind. */
  readonly customers: Readonly<Record<string, (payload: unknown) => Promise<Json>>>;
  readonly lostName?: LostName;
}

/** A JSON value. */
export type Json = z.output<ReturnType<typeof z.json>>;

/** One try of a task, as the history keeps it. */
export interface Try {
  readonly state: string;
  readonly input: unknown;
  readonly parameters: unknown;
  readonly output?: unknown;
  readonly error?: { readonly Error: string; readonly Cause: string };
}

const Handed = z.strictObject({ given: z.json(), input: z.json() });

/**
 * In the place of `$$.Task.Token`, which the interpreter doesn't know: each try is given a token of
 * its own for it.
 */
const placeholder = "the-token-of-this-task";

/** So short that nobody waits: the clock is put forward by what was to be waited. Milliseconds. */
const shortestPause = 1;

/** One run of a state machine, with everything that its history would keep. */
export class Execution {
  readonly ended: Promise<Ending>;
  readonly #definition: Definition;
  readonly #surroundings: Surroundings;
  readonly #tries: Try[] = [];
  readonly #history: unknown[] = [];
  readonly #visited: string[] = [];
  readonly #waits = new Queue<WaitingTask>();
  #retried = 0;

  constructor(definition: Definition, input: Json, surroundings: Surroundings) {
    this.#definition = definition;
    this.#surroundings = surroundings;
    this.ended = this.#run(input);
  }

  /** Each try of each task, in the order in which they ended. */
  get tries(): readonly Try[] {
    return this.#tries;
  }

  /** The states that were entered, in order. */
  get visited(): readonly string[] {
    return this.#visited;
  }

  /** All that Step Functions keeps for 90 days: inputs, outputs, parameters and causes. */
  get history(): readonly unknown[] {
    return [...this.#history, ...this.#tries];
  }

  /** The next task that waits for its token to come back, once its function has answered. */
  async waiting(): Promise<WaitingTask> {
    const over = this.ended.then((ending): never => {
      throw new Error(`The execution is over: ${JSON.stringify(ending)}`);
    });
    return Promise.race([this.#waits.take(), over]);
  }

  async #run(input: Json): Promise<Ending> {
    const machine = new StateMachine(this.#definition.prepared);
    const names = [...this.#definition.states.keys()];
    const everyState = <Value>(make: (name: string) => Value) =>
      Object.fromEntries(names.map((name) => [name, make(name)]));
    const { result, eventLogs } = machine.run(input, {
      context: { Task: { Token: placeholder }, Execution: { Id: crypto.randomUUID(), Name: executionName } },
      overrides: {
        taskResourceLocalHandlers: everyState((name) => (handed) => this.#try(name, Handed.parse(handed))),
        waitTimeOverrides: everyState(() => shortestPause),
        retryIntervalOverrides: everyState(() => shortestPause),
      },
    });
    const followed = this.#follow(eventLogs);
    try {
      const output = await result;
      await followed;
      return { status: "SUCCEEDED", state: this.#last, output };
    } catch (error) {
      if (error instanceof ExecutionTimeoutError) return { status: "TIMED_OUT", state: this.#last };
      await followed;
      if (!(error instanceof ExecutionError && error.cause instanceof Error)) throw error;
      const { name, message } = error.cause;
      return { status: "FAILED", state: this.#last, error: name, cause: message };
    }
  }

  get #last(): string {
    return this.#visited.at(-1) ?? "";
  }

  async #follow(events: ReturnType<StateMachine["run"]>["eventLogs"]): Promise<void> {
    for await (const event of events) {
      this.#history.push(event);
      if (event.type === "StateEntered") this.#enter(event.state.name);
      if (event.type === "StateRetried") this.#retried += 1;
      if (event.type === "StateFailed") this.#pause(event.state.name, event.Error);
    }
  }

  #enter(name: string): void {
    this.#visited.push(name);
    this.#retried = 0;
    this.#surroundings.clock.advance((this.#state(name).Seconds ?? 0) * 1_000);
  }

  #pause(name: string, error: string): void {
    const retrier = this.#state(name).Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
    if (retrier === undefined || this.#retried >= retrier.MaxAttempts) return;
    const { IntervalSeconds, BackoffRate } = retrier;
    this.#surroundings.clock.advance(IntervalSeconds * BackoffRate ** this.#retried * 1_000);
  }

  #state(name: string): State {
    const state = this.#definition.states.get(name);
    if (state === undefined) throw new Error(`There is no state ${name}.`);
    return state;
  }

  async #try(name: string, { given, input }: z.output<typeof Handed>): Promise<Json> {
    const over = new AbortController();
    const waits = this.#state(name).Resource?.endsWith(".waitForTaskToken") === true;
    const task = waits ? this.#surroundings.callbacks.open() : undefined;
    const parameters = task === undefined ? given : withToken(given, task.token);
    try {
      const late = this.#late(this.#state(name), input, over.signal);
      const output = await Promise.race([this.#perform(name, parameters, task), late]);
      this.#tries.push({ state: name, input, parameters, output });
      return output;
    } catch (error) {
      const failed = error instanceof TaskFailed ? error : new TaskFailed("States.Runtime", String(error));
      this.#tries.push({
        state: name,
        input,
        parameters,
        error: { Error: failed.name, Cause: failed.message },
      });
      throw failed;
    } finally {
      over.abort();
      task?.close();
    }
  }

  async #perform(state: string, parameters: Json, task: WaitingTask | undefined): Promise<Json> {
    const { customers, invoke, lostName } = this.#surroundings;
    const { FunctionName, Payload } = LambdaParameters.parse(parameters);
    const customer = customers[state];
    if (customer !== undefined) return { Payload: await customer(Payload).catch(failTask), StatusCode: 200 };
    const functionName = functionNameIn(FunctionName);
    const invoked = await invoke({ state, functionName, payload: JSON.stringify(Payload) });
    const result = taskResult(invoked, lostName);
    if (task === undefined) return result;
    this.#waits.put(task);
    return z.json().parse(await task.reported.catch(failReported));
  }

  async #late(state: State, input: Json, over: AbortSignal): Promise<never> {
    const { clock } = this.#surroundings;
    const seconds = state.TimeoutSeconds ?? secondsAt(state.TimeoutSecondsPath, input);
    await clock.reached(clock.now() + seconds * 1_000, over);
    throw new TaskFailed("States.Timeout", "");
  }
}

/** A failure that was reported is the task's own. */
function failReported(error: unknown): never {
  if (!(error instanceof ReportedFailure)) throw error;
  throw new TaskFailed(error.name, error.message);
}

/** What a function of the customer's throws is what Lambda would report. */
function failTask(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  throw new TaskFailed(error.name, JSON.stringify({ errorType: error.name, errorMessage: error.message }));
}

/** The path is one into the state's input: names with dots between them. */
function secondsAt(path: string | undefined, input: Json): number {
  if (path === undefined) return Number.POSITIVE_INFINITY;
  const members = path.replace(/^\$\./, "").split(".");
  const found = members.reduce<unknown>(
    (value, name) => z.record(z.string(), z.unknown()).safeParse(value).data?.[name],
    input,
  );
  return z.int().min(1).parse(found);
}

function withToken(given: Json, token: string): Json {
  if (given === placeholder) return token;
  if (Array.isArray(given)) return given.map((member) => withToken(member, token));
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, withToken(value, token)]));
}
