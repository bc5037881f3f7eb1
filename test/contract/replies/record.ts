import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { documentPath, readDocument } from "../document/file.ts";
import { type GivenReply, ReplyJudge } from "./judge.ts";
import { folderVariable, judgedFile, mismatchFile } from "./run.ts";

const judge = new ReplyJudge(readDocument(documentPath));
const found: string[] = [];
let judged = 0;

/** Holds a reply against the committed document, and remembers what was wrong. */
export function judgeReply(reply: GivenReply): void {
  judged += 1;
  const faults = judge.faultsOf(reply);
  if (faults.length === 0) return;
  found.push(...faults);
  write(mismatchFile, faults);
}

/** What was wrong with the replies since it was last asked. */
export function takeMismatches(): readonly string[] {
  return found.splice(0);
}

/** Adds the number of replies to that of the run. */
export function tell(): void {
  if (judged > 0) write(judgedFile, [String(judged)]);
  judged = 0;
}

process.on("exit", tell);

function write(file: string, lines: readonly string[]): void {
  const folder = process.env[folderVariable];
  if (folder !== undefined && folder !== "") appendFileSync(join(folder, file), `${lines.join("\n")}\n`);
}
