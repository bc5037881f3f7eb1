import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Runtime } from "../deployed/runtimes.ts";

const preload = fileURLToPath(new URL("./clock-preload.ts", import.meta.url));

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/**
 * The machine's clock, which can be put forward: whoever waits for a time on it need not wait. The processes
 * of the functions go by it too, through a file.
 */
export class ForwardClock {
  readonly #folder = mkdtempSync(join(tmpdir(), "clock-"));
  readonly #file = openSync(join(this.#folder, "offset"), "w+");
  readonly #alarms = new Set<Alarm>();
  #offset = 0;

  constructor() {
    this.#write();
  }

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Puts the clock forward: what was to come in the meantime has come. */
  advance(ms: number): void {
    this.#offset += ms;
    this.#write();
    for (const alarm of this.#alarms) {
      if (alarm.at > this.now()) continue;
      this.#alarms.delete(alarm);
      alarm.ring();
    }
  }

  /** Resolves once the clock has been put to a time or past it; never where `cancelled` comes first. */
  reached(at: number, cancelled: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const alarm: Alarm = { at, ring: resolve };
    this.#alarms.add(alarm);
    cancelled.addEventListener("abort", () => this.#alarms.delete(alarm), { once: true });
    return promise;
  }

  /** A runtime whose processes go by this clock. */
  governing({ name, args }: Runtime): Runtime {
    const url = `${pathToFileURL(preload).href}?${encodeURIComponent(join(this.#folder, "offset"))}`;
    return { name, args: (handler) => ["--import", url, ...args(handler)] };
  }

  close(): void {
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(): void {
    writeSync(this.#file, new Float64Array([this.#offset]), 0, 8, 0);
  }
}
