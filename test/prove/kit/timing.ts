import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { IdentityProvider } from "../../../lib/flow/provider.ts";

/** Tells how long work took, less what PingOne took of it. One piece of work at a time. */
export interface OwnTime {
  readonly ports: (ports: FlowPorts) => FlowPorts;
  /** The value, and the milliseconds that were ours. */
  of<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly ms: number }>;
}

/** Keeps the time by a clock of milliseconds. */
export function ownTime(now: () => number): OwnTime {
  let upstreamMs = 0;
  const timed =
    <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      const from = now();
      try {
        return await call(...args);
      } finally {
        upstreamMs += now() - from;
      }
    };
  return {
    ports: (ports) => {
      const { browserLeg, prepare, start, act, read, refresh, signOff, verify } = ports.provider;
      const provider: IdentityProvider = {
        ...{ browserLeg, prepare },
        ...{ start: timed(start), act: timed(act), read: timed(read), refresh: timed(refresh) },
        ...{ signOff: timed(signOff), verify: timed(verify) },
      };
      return { ...ports, provider };
    },
    of: async (work) => {
      upstreamMs = 0;
      const from = now();
      const value = await work();
      return { value, ms: now() - from - upstreamMs };
    },
  };
}
