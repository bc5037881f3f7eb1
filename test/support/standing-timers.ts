import { setImmediate as turn } from "node:timers/promises";
import { onTestFinished, vi } from "vitest";

/** Timers that stand until they are told. */
export interface StandingTimers {
  /** Lets time pass for them: milliseconds. */
  pass(ms: number): void;
}

/**
 * Has `setTimeout` stand until the test ends. Sockets go by the machine's own time, so that a budget ends
 * neither before what has to happen first nor any later.
 */
export function standTimers(): StandingTimers {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return { pass: (ms) => void vi.advanceTimersByTime(ms) };
}

/**
 * Resolves when this process has read what was written to a socket of its own: both ends
 * share one event loop.
 */
export async function untilRead(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
}
