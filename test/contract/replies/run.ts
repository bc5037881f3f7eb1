import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Names the folder in which the processes of a run write down what they have judged. */
export const folderVariable = "JUDGED_REPLIES";
/** In that folder: numbers of replies, one a line. */
export const judgedFile = "judged";
/** In that folder: what was wrong, one sentence a line. */
export const mismatchFile = "mismatches";

/** What became of the replies of a run. */
export interface JudgedRun {
  readonly judged: number;
  /** Each once. */
  readonly mismatches: readonly string[];
}

/** Has this process and those that it starts write down what they judge. */
export function beginJudging(): void {
  process.env[folderVariable] = mkdtempSync(join(tmpdir(), "judged-replies-"));
}

/** The sum of a run, and its end. */
export function endJudging(): JudgedRun {
  const folder = process.env[folderVariable] ?? "";
  delete process.env[folderVariable];
  const run = {
    judged: linesOf(join(folder, judgedFile)).reduce((sum, line) => sum + Number(line), 0),
    mismatches: [...new Set(linesOf(join(folder, mismatchFile)))],
  };
  rmSync(folder, { recursive: true, force: true });
  return run;
}

/** A run in a few lines. */
export function lineOf({ judged, mismatches }: JudgedRun): string {
  const sum = `Replies held against docs/openapi.json: ${judged}, mismatches: ${mismatches.length}`;
  return [sum, ...mismatches.slice(0, 20).map((line) => `  ${line}`)].join("\n");
}

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
