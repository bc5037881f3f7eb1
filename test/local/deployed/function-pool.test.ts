import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { until } from "../../support/patience.ts";
import { FunctionPool, type Invoked } from "./function-pool.ts";
import type { DeployedFunction } from "./functions.ts";
import { awsRuntime, ownRuntime, patient } from "./runtimes.ts";
import { smallFunction } from "./small-function.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

function poolOf(
  code: string,
  differences: Partial<DeployedFunction> = {},
  runtime = ownRuntime,
): FunctionPool {
  const { definition, remove } = smallFunction(code, differences);
  const pool = new FunctionPool(definition, { runtime, log: false });
  open.push(() => pool.close().finally(remove));
  return pool;
}

function answerOf(invoked: Invoked): unknown {
  return invoked.kind === "answered" ? JSON.parse(invoked.payload) : invoked;
}

const Pid = z.number();
const pidOf = (invoked: Invoked) => Pid.parse(answerOf(invoked));
const answeringPid = "export const handler = async () => process.pid;";

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function untilGone(pid: number): Promise<void> {
  return until(`the end of process ${pid}`, () => !isRunning(pid));
}

describe("a function's process", () => {
  it.each([
    ["our client", ownRuntime],
    ...(awsRuntime === undefined ? [] : [["AWS's client", awsRuntime] as const]),
  ] as const)("behind %s is given the event, its context and time, and a trace", async (_, runtime) => {
    const code = `export const handler = async (event, context) => ({
      event, name: context.functionName, arn: context.invokedFunctionArn, id: typeof context.awsRequestId,
      left: context.getRemainingTimeInMillis(),
    });`;
    const began = Date.now();
    const answer = answerOf(await poolOf(code, { timeoutMs: 60_000 }, runtime).invoke('{"a":1}'));
    const { left } = z.looseObject({ left: z.number() }).parse(answer);
    // Of its minute no more is gone than has passed, but for what two clocks of one machine are apart.
    expect(left).toBeLessThan(60_010);
    expect(left).toBeGreaterThan(59_990 - (Date.now() - began));
    expect(answer).toEqual({
      event: { a: 1 },
      name: "small",
      arn: "arn:aws:lambda:eu-west-1:000000000000:function:small",
      id: "string",
      left,
    });
  });

  it("has Lambda's variables and its own, and nothing of ours", async () => {
    const code = "export const handler = async () => Object.keys(process.env).sort();";
    const names = z
      .array(z.string())
      .parse(answerOf(await poolOf(code, { variables: { OF_MINE: "1" } }).invoke("{}")));
    expect(names).toContain("OF_MINE");
    // A shell stands between us and the process, and may leave these.
    const known = /^(AWS_.*|LAMBDA_.*|_HANDLER|_X_AMZN_TRACE_ID|LANG|PATH|TZ|OF_MINE|PWD|OLDPWD|SHLVL|_)$/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
  });

  it("is used again, and takes one invocation at a time", async () => {
    const pool = poolOf(answeringPid);
    const first = pidOf(await pool.invoke("{}"));
    expect(pidOf(await pool.invoke("{}"))).toBe(first);
    const pids = await Promise.all([1, 2].map(() => pool.invoke("{}").then(pidOf)));
    expect(new Set(pids).size).toBe(2);
    expect(pids).toContain(first);
  });

  it("has at most three beside it; what comes then waits", async () => {
    const pool = poolOf(answeringPid);
    const pids = await Promise.all(Array.from({ length: 9 }, () => pool.invoke("{}").then(pidOf)));
    expect(new Set(pids).size).toBeLessThanOrEqual(4);
  });

  it("is among those at work while it works", async () => {
    const pool = poolOf(answeringPid);
    const working = pool.invoke("{}");
    await until("a process at work", () => pool.busy.length > 0);
    const [pid] = pool.busy;
    expect([pidOf(await working), pool.busy, pool.idle]).toEqual([pid, [], [pid]]);
  });

  it("is refused beyond what the template reserves", async () => {
    const pool = poolOf(answeringPid, { reserved: 1 });
    const outcomes = await Promise.all([1, 2].map(() => pool.invoke("{}")));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["answered", "throttled"]);
  });
});

describe("a patient function", () => {
  const code = `
    import { Socket } from "node:net";
    export const handler = async () => {
      const signals = [AbortSignal.timeout(1), AbortSignal.timeout(1_000)];
      const timers = [10, 1_000].map((ms) => setTimeout(() => {}, ms));
      const waits = timers.map(({ _idleTimeout: ms }) => ms);
      const idle = new Socket().setTimeout(1_000).timeout;
      const passed = Promise.withResolvers();
      const long = setInterval(passed.resolve, 1_500);
      await passed.promise;
      clearInterval(long);
      timers.forEach(clearTimeout);
      return [signals.map(({ aborted }) => aborted), waits, idle];
    };`;

  it.each([
    ["gives up a second's wait after twenty", patient(ownRuntime), [[true, false], [10, 20_000], 20_000]],
    ["would otherwise do so after the second", ownRuntime, [[true, true], [10, 1_000], 1_000]],
  ] as const)("%s", async (_, runtime, waits) => {
    expect(answerOf(await poolOf(code, {}, runtime).invoke("{}"))).toEqual(waits);
  });
});

describe("a function that", () => {
  const failing = (how: string) => `
    let count = 0;
    export const handler = async (event) => {
      count += 1;
      if (event.fails) { ${how} }
      return process.pid;
    };`;

  it("throws says what it threw, and goes on in the same process", async () => {
    const pool = poolOf(failing('throw new RangeError("too far");'));
    const before = pidOf(await pool.invoke("{}"));
    expect(await pool.invoke('{"fails":true}')).toEqual({
      kind: "failed",
      errorType: "RangeError",
      message: "too far",
      trace: expect.arrayContaining([expect.stringContaining("index.mjs")]),
    });
    expect(pidOf(await pool.invoke("{}"))).toBe(before);
  });

  const timedOut = [{ kind: "timed-out" }, { timeoutMs: 2_000 }] as const;
  it.each([
    ["ends its process", "process.exit(3);", { kind: "crashed" }, {}],
    [
      "throws where nobody catches it",
      'setImmediate(() => { throw new TypeError("lost"); }); await new Promise(() => {});',
      { kind: "failed", errorType: "TypeError", message: "lost" },
      {},
    ],
    ["takes too long", "await new Promise((resolve) => setTimeout(resolve, 600_000));", ...timedOut],
    ["never lets go of its thread", "for (;;) count += 1;", ...timedOut],
  ])("%s is started anew at the next request", async (_, how, outcome, limit) => {
    const pool = poolOf(failing(how), limit);
    const before = pidOf(await pool.invoke("{}"));
    expect(await pool.invoke('{"fails":true}')).toMatchObject(outcome);
    await untilGone(before);
    expect(pidOf(await pool.invoke("{}"))).not.toBe(before);
  });

  it.each([
    ["can't be loaded", 'throw new SyntaxError("broken");', { errorType: "SyntaxError", message: "broken" }],
    ["has no handler", "export const other = 1;", { message: "index.handler is undefined or not exported" }],
  ])("%s says so when it starts", async (_, code, failure) => {
    expect(await poolOf(code).invoke("{}")).toMatchObject({ kind: "failed", ...failure });
  });
});

describe("close", () => {
  it("ends every process, busy or idle", async () => {
    const pool = poolOf(
      "export const handler = async ({ stays }) => stays ? new Promise((resolve) => setTimeout(resolve, 600_000)) : process.pid;",
    );
    const idle = pidOf(await pool.invoke("{}"));
    await pool.provision(2);
    const pids = pool.idle;
    expect(pids).toContain(idle);
    const busy = pool.invoke('{"stays":true}');
    await pool.close();
    expect((await busy).kind).toBe("crashed");
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect(await pool.invoke("{}")).toEqual({ kind: "crashed" });
  });

  it("is not needed where the parent is killed", async () => {
    const { definition, remove } = smallFunction(answeringPid);
    const parent = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `
        const { FunctionPool } = await import(${JSON.stringify(new URL("./function-pool.ts", import.meta.url).href)});
        const { ownRuntime } = await import(${JSON.stringify(new URL("./runtimes.ts", import.meta.url).href)});
        const pool = new FunctionPool(${JSON.stringify(definition)}, { runtime: ownRuntime, log: false });
        const { payload } = await pool.invoke("{}");
        console.log(payload);
      `,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    try {
      const [printed] = await once(parent.stdout, "data");
      const pid = Number(String(printed));
      expect(isRunning(pid)).toBe(true);
      parent.kill("SIGKILL");
      await untilGone(pid);
    } finally {
      parent.kill("SIGKILL");
      remove();
    }
  });
});
