import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the folder of a run is called, before what tells it from others. */
export const runFolderPrefix = "sign-on-tests-";

const before = process.env["TMPDIR"];

/**
 * Has all that the tests and their processes put into the folder for temporary files lie in one of this run's
 * own. CDK, for one, leaves an assembly there for every app. Vitest calls it before the first test.
 */
export function setup(): void {
  process.env["TMPDIR"] = mkdtempSync(join(tmpdir(), runFolderPrefix));
}

/**
 * Takes the folder away with all that was left in it. Vitest calls it after the last test, however that went.
 */
export function teardown(): void {
  const { TMPDIR: folder = "" } = process.env;
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true, force: true });
}
