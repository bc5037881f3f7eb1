import type { Transport } from "./api.ts";
import type { Child } from "./children.ts";

/** Processes that take one request at a time, as Lambda's do, and a line of those who wait for one. */
export interface Line {
  readonly transport: Transport;
  /** Which process had a request, by the request's tag. */
  readonly owners: ReadonlyMap<string, number>;
  /** When each request was given to a process, in order: milliseconds of `performance.now()`. */
  readonly handedAt: readonly number[];
}

interface Worker {
  readonly child: Child;
  readonly index: number;
}

/** Whoever comes while every process is busy waits for the first that is free. */
export function lineBefore(children: readonly Child[]): Line {
  const free: Worker[] = children.map((child, index) => ({ child, index }));
  const waiting: ((worker: Worker) => void)[] = [];
  const owners = new Map<string, number>();
  const handedAt: number[] = [];
  const turn = async () => free.shift() ?? new Promise<Worker>((resolve) => waiting.push(resolve));
  const release = (worker: Worker) => {
    const next = waiting.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  };
  return {
    owners,
    handedAt,
    transport: async (call) => {
      const worker = await turn();
      owners.set(call.tag, worker.index);
      handedAt.push(performance.now());
      return worker.child.transport(call).finally(() => release(worker));
    },
  };
}
