import { randomBytes } from "node:crypto";
import * as z from "zod";
import { AwsRefusal, type JsonService, type Listener, read, serveJson } from "./json-service.ts";

/** A task that waits until somebody who has its token says that it is done. */
export interface WaitingTask {
  readonly token: string;
  /** What was reported. */
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

/** As long as AWS's own tokens are, so that it has to fit where they have to. */
const tokenBytes = 540;
const prefix = "AAAAKgAAAAIAAAAAAAAAAQ";

interface Task {
  readonly report: (output: unknown) => void;
  isOver: boolean;
}

/**
 * Starts the callbacks of Step Functions: `SendTaskSuccess`.
 *
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
export async function startTaskCallbacks(listener?: Listener): Promise<TaskCallbacks> {
  const tasks = new Map<string, Task>();
  const service = await serveJson({
    target: "AWSStepFunctions",
    contentType: "application/x-amz-json-1.0",
    signingName: "states",
    listener,
    operations: new Map([["SendTaskSuccess", (input) => succeed(tasks, read(SendTaskSuccessInput, input))]]),
  });
  return {
    ...service,
    open: () => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const token = `${prefix}${randomBytes(tokenBytes).toString("base64")}`;
      const task: Task = { report: resolve, isOver: false };
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
  if (!taskToken.startsWith(prefix)) throw new AwsRefusal("InvalidToken", "Invalid Token: 'Invalid token'");
  const task = tasks.get(taskToken);
  if (task === undefined) throw new AwsRefusal("TaskDoesNotExist", "Task Does Not Exist: 'Task not found'");
  if (task.isOver) {
    throw new AwsRefusal("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  const parsed = parseJson(output);
  if (parsed === undefined) throw new AwsRefusal("InvalidOutput", "Invalid Output: 'Not JSON'");
  task.isOver = true;
  task.report(parsed.value);
  return {};
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
