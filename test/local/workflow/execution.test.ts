import { SendTaskSuccessCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { standInAws } from "../../support/stand-in.ts";
import { startTaskCallbacks, type TaskCallbacks } from "../aws/task-callbacks.ts";
import { FunctionPool } from "../deployed/function-pool.ts";
import { ownRuntime } from "../deployed/runtimes.ts";
import { smallFunction } from "../deployed/small-function.ts";
import { readDefinition } from "./definition.ts";
import { Execution, type Json } from "./execution.ts";
import { ForwardClock } from "./forward-clock.ts";

const code = `
  let calls = 0;
  export const handler = async (event) => {
    calls += 1;
    if (event.ends) process.exit(1);
    if (event.fails) throw Object.assign(new Error("a sentence"), { name: event.fails, stack: "Error\\n at none" });
    return { event, calls, now: Date.now() };
  };`;

let clock: ForwardClock;
let callbacks: TaskCallbacks;
let client: SFNClient;
beforeAll(async () => {
  clock = new ForwardClock();
  callbacks = await startTaskCallbacks();
  client = new SFNClient({ ...standInAws, endpoint: callbacks.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  clock.close();
  await callbacks.stop();
});

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

function run(states: Record<string, object>, input: Json = {}): Execution {
  const { definition, remove } = smallFunction(code);
  const pool = new FunctionPool(definition, { runtime: clock.governing(ownRuntime), log: false });
  open.push(() => pool.close().finally(remove));
  const [StartAt] = Object.keys(states);
  return new Execution(readDefinition(JSON.stringify({ StartAt, States: states })), input, {
    clock,
    callbacks,
    invoke: ({ payload }) => pool.invoke(payload),
    customers: { Customer: async (payload) => ({ told: JSON.stringify(payload) }) },
  });
}

const invoke = (Payload: object) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: "arn:aws:lambda:eu-west-1:000000000000:function:small:live", Payload },
});
const done = { Done: { Type: "Succeed" } };

describe("a task that invokes a function", () => {
  it("is given its parameters and gives Lambda's result", async () => {
    const states = {
      Call: { ...invoke({ "a.$": "$.b", c: 1 }), ResultPath: "$.result", Next: "Done" },
      ...done,
    };
    const execution = run(states, { b: "of the input" });
    expect(await execution.ended).toMatchObject({
      status: "SUCCEEDED",
      state: "Done",
      output: {
        b: "of the input",
        result: { StatusCode: 200, Payload: { event: { a: "of the input", c: 1 } } },
      },
    });
    expect(execution.visited).toEqual(["Call", "Done"]);
    expect(execution.tries).toMatchObject([
      { state: "Call", input: { b: "of the input" }, parameters: { Payload: { a: "of the input", c: 1 } } },
    ]);
  });

  it("fails by the function's own name, with its whole error as the cause", async () => {
    const ending = await run({ Call: { ...invoke({ fails: "TooBad" }), Next: "Done" }, ...done }).ended;
    expect(ending).toMatchObject({ status: "FAILED", state: "Call", error: "TooBad" });
    expect(JSON.parse(ending.status === "FAILED" ? ending.cause : "")).toEqual({
      errorType: "TooBad",
      errorMessage: "a sentence",
      trace: [" at none"],
    });
  });

  it("fails by Lambda's name where its process ends", async () => {
    const ending = await run({ Call: { ...invoke({ ends: true }), Next: "Done" }, ...done }).ended;
    expect(ending).toMatchObject({ status: "FAILED", error: "Lambda.Unknown" });
  });

  it("is tried again and caught as its definition says, while the clock goes forward", async () => {
    const [before, began] = [clock.now(), performance.now()];
    const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 3 }];
    const Catch = [{ ErrorEquals: ["Busy"], ResultPath: "$.error", Next: "Rest" }];
    const execution = run({
      Call: { ...invoke({ fails: "Busy" }), Retry, Catch, Next: "Done" },
      Rest: { Type: "Wait", Seconds: 1_000, Next: "Done" },
      ...done,
    });
    expect(await execution.ended).toMatchObject({
      status: "SUCCEEDED",
      output: { error: { Error: "Busy" } },
    });
    expect(execution.tries.map(({ error }) => error?.Error)).toEqual(["Busy", "Busy", "Busy"]);
    expect(execution.visited).toEqual(["Call", "Rest", "Done"]);
    // What was waited for, and what the machine itself took.
    const passed = clock.now() - before;
    expect(passed).toBeGreaterThanOrEqual(1_040_000);
    expect(passed).toBeLessThanOrEqual(1_040_000 + performance.now() - began + 1);
  });

  it("runs by the clock that was put forward", async () => {
    clock.advance(3_600_000);
    const before = clock.now();
    const execution = run({ Call: { ...invoke({}), OutputPath: "$.Payload.now", End: true } });
    const ending = await execution.ended;
    const now = ending.status === "SUCCEEDED" ? Number(ending.output) : 0;
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThan(before + 60_000);
  });

  it("can be the customer's", async () => {
    const execution = run({ Customer: { ...invoke({ a: 1 }), OutputPath: "$.Payload", End: true } });
    expect(await execution.ended).toMatchObject({ output: { told: '{"a":1}' } });
  });
});

describe("a task that waits for its token", () => {
  const wait = {
    ...invoke({ "taskToken.$": "$$.Task.Token" }),
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    TimeoutSecondsPath: "$.flow.seconds",
  };
  const Catch = [{ ErrorEquals: ["States.Timeout"], ResultPath: "$.error", Next: "Done" }];
  const states = { Await: { ...wait, Catch, End: true }, ...done };

  it("gives what was reported, and has handed its token to the function", async () => {
    const execution = run(states, { flow: { seconds: 60 } });
    const { token } = await execution.waiting();
    await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"reported":true}' }));
    expect(await execution.ended).toMatchObject({ state: "Await", output: { reported: true } });
    expect(execution.tries).toMatchObject([{ parameters: { Payload: { taskToken: token } } }]);
  });

  it("times out by its input, and takes no report afterwards", async () => {
    const execution = run(states, { flow: { seconds: 60 } });
    const { token } = await execution.waiting();
    clock.advance(61_000);
    expect(await execution.ended).toMatchObject({
      state: "Done",
      output: { error: { Error: "States.Timeout" } },
    });
    const late = client.send(new SendTaskSuccessCommand({ taskToken: token, output: "{}" }));
    await expect(late).rejects.toMatchObject({ name: "TaskTimedOut" });
  });

  it("is given another token each time", async () => {
    const again = { ...states, Await: { ...wait, Catch: [{ ...Catch[0], Next: "Await" }], Next: "Done" } };
    const execution = run(again, { flow: { seconds: 60 } });
    const first = await execution.waiting();
    clock.advance(61_000);
    const second = await execution.waiting();
    expect(second.token).not.toBe(first.token);
    await client.send(new SendTaskSuccessCommand({ taskToken: second.token, output: "{}" }));
    expect(await execution.ended).toMatchObject({ status: "SUCCEEDED", state: "Done" });
  });
});

describe("a definition", () => {
  it.each([
    ["leads nowhere", { Call: { ...invoke({}), Next: "Nowhere" } }],
    [
      "catches what can't be told apart here",
      {
        Call: { ...invoke({}), Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Done" }], Next: "Done" },
        ...done,
      },
    ],
  ])("that %s is refused", (_, States) => {
    expect(() => readDefinition(JSON.stringify({ StartAt: "Call", States }))).toThrow(
      /isn't valid|TaskFailed/,
    );
  });
});
