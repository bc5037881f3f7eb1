import { randomBytes } from "node:crypto";
import * as z from "zod";
import { AwsRefusal, type JsonService, type Listener, read, serveJson } from "./json-service.ts";

/** What a task is told to fail by. */
export class ReportedFailure extends Error {
  override readonly name: string;

  constructor({ error = "States.TaskFailed", cause = "" }: z.output<typeof SendTaskFailureInput>) {
    super(cause);
    this.name = error;
  }
}

/** A task that waits until somebody who has its token says that it is done, or has failed. */
export interface WaitingTask {
  readonly token: string;
  /** What was reported. @throws ReportedFailure where it was a failure */
  readonly reported: Promise<unknown>;
  /** The task is over, by a time-out for instance: whoever reports now comes too late. */
  close(): void;
}

/** A stand-in for the part of Step Functions that tasks report to. */
export interface TaskCallbacks extends JsonService {
  /** Hands out a token that nobody has had. */
  open(): WaitingTask;
}

const SendTaskSuccessInput = z.strictObject({
  taskToken: z.string().min(1).max(2_048),
  output: z.string().max(262_144),
});

const SendTaskFailureInput = z.strictObject({
  taskToken: z.string().min(1).max(2_048),
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});

/** As long as AWS's own tokens are, so that it has to fit where they have to. */
const tokenBytes = 540;
const prefix = "AAAAKgAAAAIAAAAAAAAAAQ";

interface Task {
  readonly report: (output: unknown) => void;
  readonly fail: (failure: ReportedFailure) => void;
  isOver: boolean;
}

/**
 * Starts the callbacks of Step Functions: `SendTaskSuccess` and `SendTaskFailure`.
 *
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html,
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
 */
export async function startTaskCallbacks(listener?: Listener): Promise<TaskCallbacks> {
  const tasks = new Map<string, Task>();
  const service = await serveJson({
    target: "AWSStepFunctions",
    contentType: "application/x-amz-json-1.0",
    signingName: "states",
    listener,
    operations: new Map([
      ["SendTaskSuccess", (input) => succeed(tasks, read(SendTaskSuccessInput, input))],
      ["SendTaskFailure", (input) => fail(tasks, read(SendTaskFailureInput, input))],
    ]),
  });
  return {
    ...service,
    open: () => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      // A failure that nobody waits for is none of this process's.
      promise.catch(() => undefined);
      const token = `${prefix}${randomBytes(tokenBytes).toString("base64")}`;
      const task: Task = { report: resolve, fail: reject, isOver: false };
      tasks.set(token, task);
      return {
        token,
        reported: promise,
        close: () => {
          task.isOver = true;
        },
      };
    },
  };
}

function succeed(
  tasks: ReadonlyMap<string, Task>,
  { taskToken, output }: z.output<typeof SendTaskSuccessInput>,
): object {
  const task = taskFor(tasks, taskToken);
  const parsed = parseJson(output);
  if (parsed === undefined) throw new AwsRefusal("InvalidOutput", "Invalid Output: 'Not JSON'");
  task.isOver = true;
  task.report(parsed.value);
  return {};
}

function fail(tasks: ReadonlyMap<string, Task>, input: z.output<typeof SendTaskFailureInput>): object {
  const task = taskFor(tasks, input.taskToken);
  task.isOver = true;
  task.fail(new ReportedFailure(input));
  return {};
}

function taskFor(tasks: ReadonlyMap<string, Task>, taskToken: string): Task {
  if (!taskToken.startsWith(prefix)) throw new AwsRefusal("InvalidToken", "Invalid Token: 'Invalid token'");
  const task = tasks.get(taskToken);
  if (task === undefined) throw new AwsRefusal("TaskDoesNotExist", "Task Does Not Exist: 'Task not found'");
  if (task.isOver) {
    throw new AwsRefusal("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  return task;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
