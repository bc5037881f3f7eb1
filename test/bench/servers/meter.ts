import type { ServerResponse } from "node:http";

/** Where a server under measurement tells what it has used. */
export const meterPath = "/_meter";

/** What a process has used so far. */
export interface Reading {
  /** User and system: milliseconds. */
  readonly cpuMs: number;
  /** Live, after a collection where the process may ask for one: bytes. */
  readonly heapBytes: number;
}

/** Answers with a {@link Reading} of this process. */
export function readMeter(response: ServerResponse): void {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  const reading: Reading = {
    cpuMs: (user + system) / 1000,
    heapBytes: process.memoryUsage().heapUsed,
  };
  response.end(JSON.stringify(reading));
}
