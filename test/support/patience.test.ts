import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "./patience.ts";

/** What says how long a test, a hook or a wait may take. */
const impatience = [
  /\},\s*\d{1,3}_?\d{3},?\s*\)/,
  /\btimeout: ?\d/,
  /\bvi\.wait(?:For|Until)\(/,
  /\b(?:test|hook)Timeout\b/,
] as const;

function findImpatience(code: string): readonly string[] {
  return impatience.flatMap((pattern) => pattern.exec(code)?.[0] ?? []);
}

const folder = new URL("..", import.meta.url).pathname;

function sources(): readonly (readonly [path: string, code: string])[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths
    .filter(
      (path) => path.endsWith(".ts") && path !== "vitest.config.ts" && !path.endsWith("patience.test.ts"),
    )
    .map((path) => [path, readFileSync(join(folder, path), "utf8")]);
}

describe("the patience of the tests", () => {
  it("stands in one place", () => {
    const found = sources().flatMap(([path, code]) => findImpatience(code).map((what) => `${path}: ${what}`));
    expect(found).toEqual([]);
    expect(sources().length).toBeGreaterThan(250);
  });

  it.each([
    'it("waits", async () => {\n  await reply;\n}, 60_000);',
    'it.each(cases)(\n  "%s",\n  async () => {\n    await reply;\n  },\n  60_000,\n);',
    "beforeAll(async () => {}, 5000);",
    'it("waits", { timeout: 60_000 }, async () => {});',
    "await vi.waitFor(() => done);",
    "await vi.waitUntil(() => done);",
    "vi.setConfig({ testTimeout: 1 });",
  ])("would not stand in: %s", (code) => {
    expect(findImpatience(code)).toHaveLength(1);
  });
});

describe("until", () => {
  it("goes on once it is true", async () => {
    const answers = [false, false, true, false];
    await until("the third answer", () => answers.shift() === true);
    expect(answers).toEqual([false]);
  });

  it("says what it waited for in vain", async () => {
    await expect(until("a reply", async () => false, 5)).rejects.toThrow("Waited in vain for a reply.");
  });
});
