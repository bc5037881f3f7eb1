import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { runFolderPrefix, setup, teardown } from "./run-folder.ts";

describe("the folder of a run", () => {
  it("is where the tests put what is temporary", () => {
    expect(basename(tmpdir()).startsWith(runFolderPrefix)).toBe(true);
  });

  it("is gone after the run, with what was left in it", () => {
    const ours = tmpdir();
    setup();
    const folder = tmpdir();
    expect(dirname(folder)).toBe(ours);
    writeFileSync(join(folder, "left"), "");
    teardown();
    expect([tmpdir(), existsSync(folder)]).toEqual([ours, false]);
  });
});
