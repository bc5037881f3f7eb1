import { describe, expect, it } from "vitest";
import { faultsIn } from "./repository.ts";

const files = {
  "lib/flow/flow.ts": "",
  "lib/flow/step.ts": "",
  "lib/log.ts": "",
  "test/flow.test.ts": "",
  "docs/guide.md": '# Guide: `a` to *z*\n\n## Twice\n\n## Twice\n\n<a id="own"></a>\n',
};

const faults = (page: string) => faultsIn({ ...files, "README.md": page });

describe("a link", () => {
  it("leads to a file, a folder, or a heading as GitHub spells it", () => {
    const page = `# Here
[guide](docs/guide.md), [its title](docs/guide.md#guide-a-to-z), [again](/docs/guide.md#twice-1),
[mark](docs/guide.md#own), [here](#here), [folder](lib/flow), [slash](lib/flow/), [web](https://example.com/no.md#x),
[mail](mailto:a@example.com), [by name][guide], ![image](lib/log.ts)

[guide]: docs/guide.md
`;
    expect(faults(page)).toEqual([]);
  });

  it.each([
    ["a file that isn't there", "[x](docs/gone.md)", "a link to docs/gone.md, which isn't there"],
    ["a file in other letters", "[x](docs/Guide.md)", "a link to docs/Guide.md, which isn't there"],
    ["an image that isn't there", "![x](docs/gone.png)", "a link to docs/gone.png, which isn't there"],
    ["a heading of this page", "[x](#gone)", "a link to #gone, but README.md has no such heading"],
    [
      "a heading of another",
      "[x](docs/guide.md#twice-2)",
      "a link to docs/guide.md#twice-2, but docs/guide.md has no such heading",
    ],
    ["a place outside", "[x](../README.md)", "a link to ../README.md, which isn't there"],
    ["HTML", '<a href="docs/gone.md">x</a>', "a link to docs/gone.md, which isn't there"],
    ["no definition", "[x][gone]", "a link whose target is defined nowhere"],
  ])("is dead: %s", (_, link, what) => {
    expect(faults(`# Title\n\nA line,\nand ${link}.\n`)).toEqual([`README.md:4: ${what}`]);
  });

  it("starts from the folder of its page", () => {
    const page = "[x](guide.md) [y](../lib/log.ts) [z](docs/guide.md)";
    expect(faultsIn({ ...files, "docs/other.md": page })).toEqual([
      "docs/other.md:1: a link to docs/guide.md, which isn't there",
    ]);
  });
});

describe("a path in backticks", () => {
  it.each([
    "lib/flow/flow.ts",
    "lib/flow/",
    "lib/flow",
    "lib/flow/*.ts",
    "lib/{part}/step.ts",
    "step.ts",
    "*.test.ts",
    "docs/guide.md",
    "./lib/log.ts",
    "application/json",
    "/flows/{flowId}/otp",
    "sign-on/{environment}/credentials/",
    "npm test",
    "a/b or lib/gone.ts",
  ])("is fine, or is none: %s", (path) => {
    expect(faults(`# Title\n\n\`${path}\`\n`)).toEqual([]);
  });

  it.each(["lib/flow/gone.ts", "lib/gone/", "gone.ts", "lib/flow/*.js", "gone-*.test.ts", "../lib/log.ts"])(
    "leads nowhere: %s",
    (path) => {
      expect(faults(`# Title\n\n| a |\n|---|\n| \`${path}\` |\n`)).toEqual([
        `README.md:5: names ${path}, which isn't there`,
      ]);
    },
  );

  it("is looked for in a drawing of the tree", () => {
    const drawing = "```\nlib/flow/  the core\nlib/gone/  nothing (lib/log.ts)\n```\n";
    expect(faults(drawing)).toEqual(["README.md:3: names lib/gone/, which isn't there"]);
  });

  it("may start from the folder of its page", () => {
    expect(faultsIn({ ...files, "docs/other.md": "`guide.md`, `../lib/log.ts`" })).toEqual([]);
  });
});
