import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Explored } from "./explored.ts";
import { Explored as ExploredMessage, type Task } from "./tasks.ts";

const program = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Does tasks in so many processes, in any order. @param after is told what came of each */
export async function inWorkers(
  count: number,
  tasks: readonly Task[],
  after: (task: Task, explored: Explored) => void,
): Promise<void> {
  const left = [...tasks];
  const work = async () => {
    const child = fork(program, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const gone = once(child, "exit").then(() => undefined);
    for (let task = left.shift(); task !== undefined; task = left.shift())
      after(task, await done(child, task, gone));
    child.disconnect();
    await gone;
  };
  await Promise.all(Array.from({ length: Math.min(count, tasks.length) }, work));
}

async function done(child: ChildProcess, task: Task, gone: Promise<undefined>): Promise<Explored> {
  const answered = once(child, "message");
  child.send(task);
  const answer = await Promise.race([answered, gone]);
  if (answer === undefined) throw new Error("A worker has ended over its task.");
  return ExploredMessage.parse(answer[0]);
}
