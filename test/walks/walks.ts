import fc from "fast-check";
import { walkPlans } from "./moves.ts";
import { openWalkStage } from "./stage.ts";
import { type Walked, walk } from "./walk.ts";

/** How many walks to take, and which. */
export interface WalksOptions {
  readonly runs: number;
  readonly seed: number;
  /** Where a shrunk counterexample is found again, from an earlier report. */
  readonly path?: string | undefined;
}

/** What the walks came to. */
export interface WalksReport {
  /** How many ended where: a status, or the problem of a start. */
  readonly ends: ReadonlyMap<string, number>;
  /** How often each step was taken. */
  readonly steps: ReadonlyMap<string, number>;
  /** The shrunk counterexample with its seed; nothing where every walk kept every promise. */
  readonly failure: string | undefined;
}

/** Takes random walks over simulator and API together, and shrinks the first that breaks a promise. */
export async function takeWalks({ runs, seed, path }: WalksOptions): Promise<WalksReport> {
  const stage = await openWalkStage();
  const ends = new Map<string, number>();
  const steps = new Map<string, number>();
  const note = ({ end, steps: taken }: Walked) => {
    add(ends, end);
    for (const step of taken) add(steps, step);
  };
  try {
    const details = await fc.check(
      fc.asyncProperty(walkPlans, async (plan) => note(await walk(stage, plan))),
      { numRuns: runs, seed, ...(path === undefined ? {} : { path }) },
    );
    return {
      ends,
      steps,
      failure: details.failed
        ? `${reasonOf(details.errorInstance)}\n${fc.defaultReportMessage(details)}`
        : undefined,
    };
  } finally {
    await stage.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
