import { describe, expect, it } from "vitest";
import { faultsIn } from "./repository.ts";

const faults = (language: string, code: string) =>
  faultsIn({ "README.md": `# Title\n\n\`\`\`${language}\n${code}\n\`\`\`\n` });

describe("an example", () => {
  it.each([
    ["json", '{ "flowId": "5a3c…", "next": ["otp"] }'],
    ["js", "const { flowId } = await call();\nexport default flowId;"],
    ["swift", 'let text = "a \\" ) b"  // one )\nprint([text])'],
    ["kotlin", "fun call(a: List<Int>) = a.map { it }  /* ( */"],
    ["ts", "const a: string = await call<string>();"],
    ["html", "<p>a < b</p>\n<script type=module>\nawait call();\n</script>"],
    ["mermaid", "%% a comment\nsequenceDiagram\n  A->>B: x"],
    ["mermaid", "stateDiagram-v2\n  [*] --> A"],
    ["", "lib/ is the code; npm is a tool"],
    ["text", "a = b"],
  ])("is what it says it is: %s", (language, code) => {
    expect(faults(language, code)).toEqual([]);
  });

  it.each([
    ["json", '{\n  "next": [\n    … ] }', /^README\.md:6: no JSON: /],
    ["json", '{ "a": 1 }\n{ "b": 2 }', /^README\.md:5: no JSON: /],
    ["json", '"member": {}', /^README\.md:4: no JSON: /],
    ["json", '{\n  "a": 1,\n}', /^README\.md:6: no JSON: /],
    ["js", "const a = 1;\nconst b = ;", /^README\.md:5: no js: /],
    ["js", "const a: string = '';", /^README\.md:4: no js: /],
    ["ts", "const a: = '';", /^README\.md:4: no ts: /],
    ["html", "<p></p>\n<script>\nconst b = ;\n</script>", /^README\.md:6: no js: /],
    ["swift", "func call() {\n  print((1)\n}", /^README\.md:6: no swift: "}" closes nothing$/],
    ["kotlin", "fun call() {\n  println(1)", /^README\.md:4: no kotlin: "{" is never closed$/],
    ["mermaid", "sequenceDiagramm\n  A->>B: x", /^README\.md:4: "sequenceDiagramm" is no kind of diagram$/],
    ["", "First:\n\nnpm run gone", /^README\.md:6: a block with commands in it has to be called sh$/],
    ["", "A=1 curl https://example.com", /^README\.md:4: a block with commands in it has to be called sh$/],
    ["bash", "echo", /^README\.md:3: nobody checks ```bash: /],
  ])("is not: %s %j", (language, code, fault) => {
    expect(faults(language, code)).toEqual([expect.stringMatching(fault)]);
  });

  it("is found in a list too, and when it is indented", () => {
    const page = "- One:\n\n  ```json\n  {…}\n  ```\n\nTwo:\n\n    npm run gone\n";
    expect(faultsIn({ "README.md": page })).toEqual([
      expect.stringMatching(/^README\.md:4: no JSON: /),
      "README.md:9: a block with commands in it has to be called sh",
    ]);
  });
});
