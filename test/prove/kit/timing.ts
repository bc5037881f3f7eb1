import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { IdentityProvider } from "../../../lib/flow/provider.ts";

/** Tells how long work took, less what PingOne took of it. One piece of work at a time. */
export interface OwnTime {
  readonly ports: (ports: FlowPorts) => FlowPorts;
  /** The value, and the milliseconds that were ours. */
  of<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly ms: number }>;
}

/** Keeps the time by `performance.now()`. */
export function ownTime(): OwnTime {
  let upstreamMs = 0;
  const timed =
    <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      const from = performance.now();
      try {
        return await call(...args);
      } finally {
        upstreamMs += performance.now() - from;
      }
    };
  return {
    ports: (ports) => {
      const { start, act, read } = ports.provider;
      const provider: IdentityProvider = { start: timed(start), act: timed(act), read: timed(read) };
      return { ...ports, provider };
    },
    of: async (work) => {
      upstreamMs = 0;
      const from = performance.now();
      const value = await work();
      return { value, ms: performance.now() - from - upstreamMs };
    },
  };
}
