import { describe, expect, it } from "vitest";
import { faultsIn } from "./repository.ts";

const files = {
  "docs/facts.md": `# Facts

## 7. Errors

### 7.1 Shape

**Reserved concurrency.** How much of it.

| Alarm | Do |
|---|---|
| \`slow\` | wait |
| 2 | a numbered row |
`,
};

const faults = (source: string) => faultsIn({ ...files, "lib/flow.ts": source });

describe("a citation in a comment", () => {
  it.each([
    "// As docs/facts.md says.",
    "// docs/facts.md §7.1",
    "// docs/facts.md §7, §7.1 (2)",
    "// docs/facts.md §7.1 (2) and §7",
    "/* `docs/facts.md` §7.1 */",
    '// docs/facts.md, "Errors"',
    '// docs/facts.md, "7.1 Shape"',
    '// docs/facts.md, "slow"',
    '// docs/facts.md, "Reserved concurrency"',
    "// facts.md#71-shape",
    "// RFC 9110 §15.5.2",
    "// https://example.com/gone.md",
    "const a = 'docs/gone.md §1';",
  ])("leads somewhere, or is none: %s", (source) => {
    expect(faults(`${source}\n`)).toEqual([]);
  });

  it.each([
    ["a page", "docs/gone.md", "cites docs/gone.md, which isn't there"],
    ["a section", "docs/facts.md §7.2", "cites docs/facts.md §7.2, which docs/facts.md doesn't have"],
    [
      "part of a number",
      "docs/facts.md §7.1.1",
      "cites docs/facts.md §7.1.1, which docs/facts.md doesn't have",
    ],
    [
      "a row's number",
      "docs/facts.md §7.1 (2, 3)",
      "cites docs/facts.md §7.1 (3), which docs/facts.md doesn't have",
    ],
    ["a section by a row", "docs/facts.md §2", "cites docs/facts.md §2, which docs/facts.md doesn't have"],
    ["one of several", "docs/facts.md §7, §9", "cites docs/facts.md §9, which docs/facts.md doesn't have"],
    ["a row", 'docs/facts.md, "fast"', 'cites docs/facts.md "fast", which docs/facts.md doesn\'t have'],
    ["an anchor", "docs/facts.md#gone", "cites docs/facts.md #gone, which docs/facts.md doesn't have"],
    [
      "a page without a name",
      "reference §7.1",
      'cites "reference §7.1", and no page is called so: name a file',
    ],
  ])("is dead: %s", (_, citation, what) => {
    expect(faults(`const a = 1;\n\n/** As (${citation}). */\n`)).toEqual([`lib/flow.ts:3: ${what}`]);
    expect(faultsIn({ ...files, "docs/other.md": `# Other\n\nAs (${citation}).\n` })).toEqual([
      `docs/other.md:3: ${what}`,
    ]);
  });

  it.each([
    ["a block", "/**\n * As the\n * docs/facts.md\n * §7.2 has it.\n */\n", 3],
    ["a block, of no page", "/**\n * As the (reference\n * §7.2) has it.\n */\n", 2],
    ["lines", "// As\n// docs/facts.md\n// §7.2\n", 2],
  ])("reads on over the ends of lines: %s", (_, source, line) => {
    expect(faults(source)).toEqual([expect.stringMatching(new RegExp(`^lib/flow.ts:${line}: cites .*§7.2`))]);
  });

  it("ends with its comment", () => {
    expect(faults("// docs/facts.md\nconst a = 1;\n// §7.2\n/* docs/facts.md */\n// §7.2\n")).toEqual([]);
  });
});

describe("a page whose headings have numbers", () => {
  const own = (text: string) => faultsIn({ "docs/own.md": `# Own\n\n## 1. One\n\n${text}\n\n## 2. Two\n` });

  it("may cite its sections by the number alone, and others by name", () => {
    expect(
      own(
        "As in §2, [§1](#1-one), `docs/tables.md`, [RFC 9110](https://x.example) §15.5, §15.6, NIST SP 800-38D §8 and OIDC Core §9.",
      ),
    ).toEqual([]);
  });

  it.each(["(§3)", "§1.1, §2", "RFC 9110 §1; §9"])("has to have them: %s", (text) => {
    expect(own(text)).toEqual([
      expect.stringMatching(/^docs\/own\.md:5: cites §[\d.]+, which it doesn't have$/),
    ]);
  });
});
