import { beginJudging, endJudging, lineOf } from "./run.ts";

/** Vitest calls it before the first test. */
export function setup(): void {
  beginJudging();
}

/**
 * Says how many replies the document has been held against. Vitest calls it after the last test.
 *
 * @throws when a reply of any process wasn't what the document says
 */
export function teardown(): void {
  const run = endJudging();
  process.stdout.write(`\n${lineOf(run)}\n`);
  if (run.mismatches.length > 0) throw new Error("Replies and docs/openapi.json differ.");
}
