import { setTimeout as pause } from "node:timers/promises";
import { patienceMs } from "../../support/patience.ts";
import { spawnTied, type TiedProcess } from "../../support/tied-process.ts";
import type { DeployedFunction } from "./functions.ts";
import { type Outcome, RuntimeApi } from "./runtime-api.ts";
import type { Runtime } from "./runtimes.ts";

/** How a function's processes are run. */
export interface ExecutionOptions {
  readonly runtime: Runtime;
  /** Whether what a function logs is shown; or who is to have it. */
  readonly log: boolean | ((text: string) => void);
}

/** Lambda gives a function 10 s to start in; on this machine other work may take the time. */
const initMs = patienceMs;

/**
 * One process of a function: it takes one invocation at a time, and is as good as gone once one timed out.
 */
export class ExecutionEnvironment {
  readonly #function: DeployedFunction;
  readonly #api: RuntimeApi;
  readonly #process: TiedProcess;
  readonly #crashed: Promise<Outcome>;
  #alive = true;

  private constructor(definition: DeployedFunction, api: RuntimeApi, { runtime, log }: ExecutionOptions) {
    this.#function = definition;
    this.#api = api;
    this.#process = spawnTied(process.execPath, runtime.args(definition.handler), {
      env: environmentOf(definition, api.address),
      cwd: definition.folder,
      stdout: typeof log === "function" ? "pipe" : log ? "inherit" : "ignore",
      stderr: "inherit",
      signal: "KILL",
    });
    if (typeof log === "function") this.#process.child.stdout?.setEncoding("utf8").on("data", log);
    this.#crashed = this.#process.exited.then(() => {
      this.#alive = false;
      this.#api.close();
      return { kind: "crashed" };
    });
  }

  /** Starts a process; whether it comes up is told by the first invocation, or by `ready`. */
  static async start(definition: DeployedFunction, options: ExecutionOptions): Promise<ExecutionEnvironment> {
    return new ExecutionEnvironment(definition, await RuntimeApi.listen(definition.arn), options);
  }

  /** Whether it can take another invocation. */
  get isAlive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#process.child.pid;
  }

  /** Resolves when the function has started, or with what went wrong. */
  async ready(): Promise<Outcome | undefined> {
    const patience = new AbortController();
    const late = pause(initMs, undefined, { signal: patience.signal, ref: false }).then(
      (): Outcome => ({ kind: "timed-out" }),
      (): Outcome => ({ kind: "crashed" }),
    );
    const outcome = await Promise.race([this.#api.ready, this.#crashed, late]);
    patience.abort();
    if (outcome !== undefined) await this.stop();
    return outcome;
  }

  /** Runs the function once. */
  async invoke(payload: string): Promise<Outcome> {
    const failedStart = await this.ready();
    if (failedStart !== undefined) return failedStart;
    const answered = this.#api.invoke(payload, this.#function.timeoutMs);
    const outcome = await Promise.race([answered, this.#crashed]);
    if (outcome.kind === "timed-out") await this.stop();
    // What nobody caught is told first, and only then is the process gone.
    if (outcome.kind === "failed") await Promise.race([this.#api.asked, this.#crashed]);
    return outcome;
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.#alive = false;
    await this.#process.stop();
  }
}

/** Nothing but what Lambda gives, and the template's variables. */
function environmentOf(definition: DeployedFunction, runtimeApi: string): NodeJS.ProcessEnv {
  const { name, region, runtime, handler, folder, memoryMb, variables } = definition;
  return {
    LANG: "en_US.UTF-8",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    TZ: ":UTC",
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: folder,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    AWS_DEFAULT_REGION: region,
    AWS_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_LEVEL: "INFO",
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    // A role's credentials come this way too. These open nothing.
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    ...variables,
  };
}
