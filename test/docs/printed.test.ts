import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exampleChallenge, firstCall } from "../../infra/api/first-call.ts";
import { actionOf, clientSteps } from "../../lib/flow/steps.ts";
import { introduction } from "../local/introduction.ts";
import { exampleIn } from "../support/example.ts";
import { factsOf } from "./check/facts.js";
import { commandsIn, shellFaults } from "./check/shell.js";
import { readTree } from "./check/tree.js";

const tree = readTree(".");
const facts = factsOf(tree);

/** The commands in a text: each begins a line, after blanks, and goes on where a line ends in a backslash. */
function curlsIn(text: string): string {
  return [...text.matchAll(/^ *(curl (?:.*\\\n)*.*)$/gm)].map(([, command]) => command).join("\n");
}

function faultsOf(text: string): readonly string[] {
  return shellFaults({ text, line: 1, language: "sh" }, facts, tree).map((fault) => fault.text);
}

describe("what is printed to be tried out", () => {
  it("is a first call that the API takes", () => {
    const call = firstCall("https://sign-on.example.com/");
    expect(faultsOf(call)).toEqual([]);
    expect(faultsOf(call.replace(exampleChallenge, `${exampleChallenge}x`))).toEqual([
      expect.stringMatching(/^POST \/flows: codeChallenge: /),
    ]);
  });

  it("is a sign-on in the sandbox that the API takes", () => {
    const place = "http://127.0.0.1:1";
    const simulator = { baseUrl: `${place}/env`, origin: place };
    const printed = curlsIn(introduction({ api: place, simulator, engine: place }));
    const calls = commandsIn(printed).filter(({ words }) => words.some((word) => word.includes("/flows")));
    expect(calls).toHaveLength(4);
    expect(faultsOf(printed)).toEqual([]);
    expect(faultsOf(printed.replace('"otp"', '"code"'))).not.toEqual([]);
  });
});

describe("the front page", () => {
  const front = tree.read("README.md");

  it("shows lines that the sandbox prints", () => {
    const place = "http://127.0.0.1:8080";
    const simulator = { baseUrl: `${place}/env`, origin: place };
    const shown = /^# {2}(a page .*)$/m.exec(front)?.[1];
    expect(introduction({ api: place, simulator, engine: place })).toContain(`\n  ${shown}\n`);
  });

  it("has at most 900 words", () => {
    expect(front.split(/\s+/).filter((word) => word !== "").length).toBeLessThanOrEqual(900);
  });
});

describe("the calls of docs/api.md", () => {
  it.each(clientSteps.flatMap((step) => actionOf(step) ?? []))("name PingOne's action %s", (action) => {
    const step = clientSteps.find((name) => actionOf(name) === action);
    const row = tree
      .read("docs/api.md")
      .split("\n")
      .find((line) => line.startsWith(`| \`POST /flows/{flowId}/${step}\``));
    expect(row).toMatch(new RegExp(`\\| \`${action.replaceAll(".", "\\.")}\` \\|$`));
  });
});

describe("the first page and the first script of a client", () => {
  it.each([
    ["integration.md", "page"],
    ["client.md", "script"],
  ])("fit on one screen: %s", (page, name) => {
    const lines = exampleIn(page, name).split("\n");
    expect(lines.length).toBeLessThanOrEqual(30);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });
});

describe("the example of a challenge", () => {
  it("is RFC 7636's, of the verifier that stands there", () => {
    const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    expect(createHash("sha256").update(verifier).digest("base64url")).toBe(exampleChallenge);
  });

  it("is the same on every page that begins like it", () => {
    const pages = [...tree.paths].filter(
      (path) => /\.(md|ts)$/.test(path) && !path.endsWith("printed.test.ts"),
    );
    const told = pages.flatMap((path) => readFileSync(path, "utf8").match(/E9Mel[\w-]*/g) ?? []);
    expect(told.length).toBeGreaterThan(1);
    expect(told.filter((text) => text !== exampleChallenge)).toEqual([]);
  });
});
