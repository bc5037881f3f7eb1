import { describe, expect, it } from "vitest";
import { faultsIn } from "./repository.ts";

const forty = "x".repeat(37);

describe("a comment", () => {
  it("may be as wide as code", () => {
    expect(faultsIn({ "lib/a.ts": `// ${forty}\n/*\n ${forty}xx\n*/\n// ${"é".repeat(37)}\n` })).toEqual([]);
  });

  it.each([
    ["a line", `\n// ${forty}x\n`, "lib/a.ts:2: a line with a comment has 41 columns; 40 are the most"],
    [
      "a block",
      `/**\n * ${forty}x\n */\n`,
      "lib/a.ts:2: a line with a comment has 41 columns; 40 are the most",
    ],
    [
      "a line with code before it",
      `const a = 1; // ${forty}\n`,
      "lib/a.ts:1: a line with a comment has 53 columns; 40 are the most",
    ],
  ])("is too wide: %s", (_, source, fault) => {
    expect(faultsIn({ "lib/a.ts": source })).toEqual([fault]);
  });

  it("is not a text that looks like one", () => {
    const text = `const a = "https://${forty}";\nconst b = \`\n// ${forty}xx\`;\nconst c = /\\/*${forty}xx/;\n`;
    expect(faultsIn({ "lib/a.ts": text })).toEqual([]);
  });
});
