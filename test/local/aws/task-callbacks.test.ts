import {
  InvalidOutput,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standInAws } from "../../support/stand-in.ts";
import { startTaskCallbacks, type TaskCallbacks } from "./task-callbacks.ts";

let callbacks: TaskCallbacks;
let client: SFNClient;
beforeAll(async () => {
  callbacks = await startTaskCallbacks();
  client = new SFNClient({ ...standInAws, endpoint: callbacks.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await callbacks.stop();
});

const report = (taskToken: string, output = '{"done":true}') =>
  client.send(new SendTaskSuccessCommand({ taskToken, output }));

describe("the stand-in for the callbacks of Step Functions", () => {
  it("tells a waiting task what was reported, once", async () => {
    const task = callbacks.open();
    await report(task.token);
    expect(await task.reported).toEqual({ done: true });
    await expect(report(task.token)).rejects.toThrow(TaskTimedOut);
  });

  it("tells a waiting task that it has failed, by name, and nothing after it", async () => {
    const task = callbacks.open();
    const failure = { taskToken: task.token, error: "SomethingElse", cause: "because" };
    await client.send(new SendTaskFailureCommand(failure));
    await expect(task.reported).rejects.toMatchObject({ name: "SomethingElse", message: "because" });
    await expect(client.send(new SendTaskFailureCommand(failure))).rejects.toThrow(TaskTimedOut);
    await expect(report(task.token)).rejects.toThrow(TaskTimedOut);
    const { token } = callbacks.open();
    const unknown = { taskToken: `${token.slice(0, -4)}AAAA` };
    await expect(client.send(new SendTaskFailureCommand(unknown))).rejects.toThrow(TaskDoesNotExist);
  });

  it("holds tasks apart", async () => {
    const [one, other] = [callbacks.open(), callbacks.open()];
    await report(other.token, '"of the other"');
    await report(one.token, '"of the one"');
    expect(await Promise.all([one.reported, other.reported])).toEqual(["of the one", "of the other"]);
  });

  it("refuses a report that comes too late", async () => {
    const task = callbacks.open();
    task.close();
    await expect(report(task.token)).rejects.toThrow(TaskTimedOut);
  });

  it("refuses a token that nobody was given", async () => {
    const { token } = callbacks.open();
    await expect(report(`${token.slice(0, -4)}AAAA`)).rejects.toThrow(TaskDoesNotExist);
    await expect(report("made up")).rejects.toThrow(InvalidToken);
  });

  it("refuses an output that is no JSON, and the task goes on waiting", async () => {
    const task = callbacks.open();
    await expect(report(task.token, "{")).rejects.toThrow(InvalidOutput);
    await report(task.token);
    expect(await task.reported).toEqual({ done: true });
  });
});
