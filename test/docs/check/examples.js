import { parseSync } from "oxc-parser";
import { lineOf } from "./passage.js";
import { commandsIn, npmFaults, shellFaults } from "./shell.js";

/** @import { Facts, Fault, Fence, Page, Piece, Tree } from "./types.ts" */

/** https://mermaid.js.org/intro/syntax-reference.html */
const diagrams = new Set([
  "classDiagram",
  "erDiagram",
  "flowchart",
  "gantt",
  "graph",
  "mindmap",
  "pie",
  "sequenceDiagram",
  "stateDiagram-v2",
  "timeline",
]);

/** A line of a block of plain text that begins like a command. */
const command = /^(?:[A-Z_]+=\S* )?(?:\$ )?(?:aws|cdk|curl|git|node|npm|npx) /m;

/**
 * Examples that can't be right: each block of code is read as what it says it is.
 *
 * In JSON only a text may leave something out (`"5a3c…"`): a bare `…` would be no JSON. In the body of a call
 * the elisions of `bodies.js` may stand for a text.
 *
 * @param {Page} page
 * @param {Facts} facts
 * @param {Tree} tree
 * @returns {Fault[]}
 */
export function brokenExamples(page, facts, tree) {
  const pieces = [
    ...page.fences.flatMap((fence) => faultsOf(fence, facts, tree)),
    ...page.codes
      .filter(({ text }) => text.startsWith("npm "))
      .flatMap(({ text, line }) =>
        commandsIn(text)
          .flatMap((found) => npmFaults(found, facts))
          .map((what) => ({ text: what, line })),
      ),
  ];
  return pieces.map(({ text, line }) => ({ file: page.path, line, what: text }));
}

/**
 * @param {Fence} fence
 * @param {Facts} facts
 * @param {Tree} tree
 * @returns {Piece[]}
 */
function faultsOf(fence, facts, tree) {
  switch (fence.language) {
    case "json":
      return jsonFaults(fence);
    case "js":
    case "ts":
      return scriptFaults(fence);
    case "html":
      return scriptsOf(fence).flatMap(scriptFaults);
    case "sh":
      return shellFaults(fence, facts, tree);
    case "mermaid":
      return diagramFaults(fence);
    case "swift":
    case "kotlin":
      return bracketFaults(fence);
    case "":
    case "text":
      return textFaults(fence);
    default:
      return [
        {
          text: `nobody checks \`\`\`${fence.language}: json, js, ts, swift, kotlin, sh, mermaid and text are known`,
          line: fence.line - 1,
        },
      ];
  }
}

/**
 * @param {Fence} fence
 * @returns {Piece[]}
 */
function jsonFaults({ text, line }) {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    // Not every message of the parser says where; what is no expression of JavaScript either shows there.
    const [label] = parseSync("example.js", `(${text})`).errors[0]?.labels ?? [];
    const at = /line (\d+)/.exec(message)?.[1] ?? lineOf(text, (label?.start ?? 1) - 1);
    return [{ text: `no JSON: ${message}`, line: line + Number(at) - 1 }];
  }
}

/**
 * @param {Fence} fence
 * @returns {Piece[]}
 */
function scriptFaults({ text, line, language }) {
  const { errors } = parseSync(`example.${language}`, text, { sourceType: "module" });
  return errors.slice(0, 1).map(({ message, labels }) => ({
    text: `no ${language}: ${message}`,
    line: line + lineOf(text, labels[0]?.start ?? 0) - 1,
  }));
}

/**
 * The scripts of a page. The rest of it a browser reads, whatever it is.
 *
 * @param {Fence} fence
 * @returns {Fence[]}
 */
function scriptsOf({ text, line }) {
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((found) => ({
    language: "js",
    text: found[1] ?? "",
    line: line + lineOf(text, found.index) - 1,
  }));
}

/** What closes what, in Swift and in Kotlin. */
const pairs = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);

/**
 * No parser of these languages is light enough to come along: only their brackets are held.
 *
 * @param {Fence} fence
 * @returns {Piece[]}
 */
function bracketFaults({ text, line, language }) {
  const code = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\//g, (match) =>
    match.replace(/[^\n]/g, " "),
  );
  /** @type {string[]} */
  const open = [];
  for (const { 0: bracket, index } of code.matchAll(/[()[\]{}]/g)) {
    const opener = pairs.get(bracket);
    if (opener === undefined) open.push(bracket);
    else if (open.pop() !== opener) {
      return [{ text: `no ${language}: "${bracket}" closes nothing`, line: line + lineOf(text, index) - 1 }];
    }
  }
  return open.length === 0 ? [] : [{ text: `no ${language}: "${open.at(-1)}" is never closed`, line }];
}

/**
 * @param {Fence} fence
 * @returns {Piece[]}
 */
function diagramFaults({ text, line }) {
  const [first = ""] = text
    .replace(/^\s*%%.*$/gm, "")
    .trim()
    .split(/\s+/);
  return diagrams.has(first) ? [] : [{ text: `"${first}" is no kind of diagram`, line }];
}

/**
 * Commands are checked only where a block says that it is one of `sh`.
 *
 * @param {Fence} fence
 * @returns {Piece[]}
 */
function textFaults({ text, line }) {
  const found = command.exec(text);
  return found
    ? [
        {
          text: "a block with commands in it has to be called sh",
          line: line + lineOf(text, found.index) - 1,
        },
      ]
    : [];
}
