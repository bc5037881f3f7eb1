import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as z from "zod";

const Range = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() });
const Coverage = z.object({
  result: z.array(z.object({ url: z.string(), functions: z.array(z.object({ ranges: z.array(Range) })) })),
});

/** A part of a source that was never run. */
interface Unreached {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What was found of a folder's sources in what Node's coverage has left. */
export interface CoverageReport {
  /** Functions and branches, and how many of them were reached. */
  readonly parts: number;
  readonly reached: number;
  readonly unreached: readonly Unreached[];
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Reads what processes have left in the folder that `NODE_V8_COVERAGE` named. Types are blanks to Node, so
 * places in the sources are as they stand. A place is reached where any process has run it.
 *
 * @param folder of the sources, relative to the repository
 */
export function coverageOf(folder: string, left: string): CoverageReport {
  const base = pathToFileURL(join(root, folder)).href;
  const files = new Map<string, Reached>();
  for (const name of readdirSync(left)) {
    const { result } = Coverage.parse(JSON.parse(readFileSync(join(left, name), "utf8")));
    for (const { url, functions } of result.filter((one) => one.url.startsWith(`${base}/`))) {
      const file = fileURLToPath(url).slice(root.length);
      const reached = files.get(file) ?? new Reached(file);
      files.set(file, reached);
      reached.add(functions.flatMap(({ ranges }) => ranges));
    }
  }
  const all = [...files.values()];
  return {
    parts: all.reduce((sum, one) => sum + one.parts, 0),
    reached: all.reduce((sum, one) => sum + one.reachedParts, 0),
    unreached: all.flatMap((one) => one.unreached()),
  };
}

/** What of one file was run. */
class Reached {
  readonly #file: string;
  readonly #source: string;
  readonly #isReached: Uint8Array;
  readonly #starts = new Set<number>();

  constructor(file: string) {
    this.#file = file;
    this.#source = readFileSync(join(root, file), "utf8");
    this.#isReached = new Uint8Array(this.#source.length);
  }

  /** Adds what one process has run: an inner range says more than the one around it. */
  add(ranges: readonly z.infer<typeof Range>[]): void {
    const run = new Uint8Array(this.#source.length);
    const outerFirst = ranges.toSorted((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
    for (const { startOffset, endOffset, count } of outerFirst) {
      run.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      this.#starts.add(startOffset);
    }
    for (const [place, isRun] of run.entries()) if (isRun === 1) this.#isReached[place] = 1;
  }

  /** Functions and branches. */
  get parts(): number {
    return this.#starts.size;
  }

  get reachedParts(): number {
    return [...this.#starts].filter((start) => this.#isReached[start] === 1).length;
  }

  unreached(): readonly Unreached[] {
    const found: Unreached[] = [];
    for (let start = this.#isReached.indexOf(0); start >= 0; ) {
      const next = this.#isReached.indexOf(1, start);
      const end = next < 0 ? this.#source.length : next;
      const text = this.#source.slice(start, end).trim().replaceAll(/\s+/g, " ");
      const line = this.#source.slice(0, start).split("\n").length;
      if (/\w/.test(text)) found.push({ file: this.#file, line, text });
      start = next < 0 ? -1 : this.#isReached.indexOf(0, next);
    }
    return found;
  }
}
