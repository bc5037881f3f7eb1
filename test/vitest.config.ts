import { defineConfig } from "vitest/config";
import { patienceMs, testMs } from "./support/patience.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/local/run-folder.ts", "test/contract/replies/whole-run.ts"],
    setupFiles: ["test/contract/replies/each-file.ts"],
    passWithNoTests: false,
    expect: { requireAssertions: true },
    // A test's patience is no assertion, so no test says how long it may take.
    testTimeout: testMs,
    hookTimeout: testMs,
    teardownTimeout: patienceMs,
    maxWorkers: 2,
  },
});
