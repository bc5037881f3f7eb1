import { spawnSync } from "node:child_process";
import { forEachChild, parse } from "unbash";
import { bodyFaults } from "./bodies.js";
import { lineOf } from "./passage.js";

/** @import { Facts, Fence, Piece, RouteFact, Tree } from "./types.ts" */
/** @typedef {import("unbash").SyntaxNode} SyntaxNode */

/**
 * A command with its arguments, without quotes; the line is counted from 1 in its script.
 *
 * @typedef {{ words: readonly string[], line: number }} Command
 */

/** What npm does by itself; every other word after `npm` has to be one of our scripts. */
const npmsOwn = new Set(["audit", "ci", "exec", "i", "install", "ls", "outdated", "view"]);

const npmsScripts = new Set(["restart", "start", "stop", "test"]);

/** Options of a command, with the value where it is in the same word. */
const options = {
  data: /^(?:-d|--data(?:-raw|-binary|-ascii)?=?|--json=?)([^-].*)?$/s,
  input: /^--input=?([^-].*)?$/s,
  method: /^(?:-X|--request=?)([^-].*)?$/,
};

/**
 * What is wrong with a script: bash can't read it, it runs a script of ours or a file that isn't there, or it
 * sends what the API or the workflow would refuse.
 *
 * @param {Fence} fence
 * @param {Facts} facts
 * @param {Tree} tree
 * @returns {Piece[]}
 */
export function shellFaults({ text, line }, facts, tree) {
  const { status, stderr, error } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
  if (status !== 0) return [unreadable(error?.message ?? stderr, line)];
  return commandsIn(text).flatMap((command) =>
    [
      ...npmFaults(command, facts),
      ...nodeFaults(command, tree),
      ...curlFaults(command, facts),
      ...awsFaults(command, facts),
    ].map((what) => ({ text: what, line: line + command.line - 1 })),
  );
}

/**
 * @param {string} message bash's
 * @param {number} first the line that its first line is
 * @returns {Piece}
 */
function unreadable(message, first) {
  const [, number = "1", said = message] = /line (\d+): (.*)/.exec(message) ?? [];
  return { text: `bash can't read this: ${said}`, line: first + Number(number) - 1 };
}

/**
 * Every command of a script, those inside `$(…)` too.
 *
 * @param {string} script
 * @returns {Command[]}
 */
export function commandsIn(script) {
  /** @type {Command[]} */
  const commands = [];
  const visit = (/** @type {SyntaxNode} */ node) => {
    if (node.type === "Command" && node.name) {
      const args = node.args.map((arg) =>
        "text" in arg && arg.type === "Assignment" ? arg.text : arg.value,
      );
      commands.push({ words: [node.name.value, ...args.map(String)], line: lineOf(script, node.pos) });
    }
    forEachChild(node, visit);
  };
  visit(parse(script));
  return commands;
}

/**
 * @param {Command} command
 * @param {Pick<Facts, "scripts">} facts
 * @returns {string[]}
 */
export function npmFaults({ words: [program, ...args] }, { scripts }) {
  if (program !== "npm") return [];
  const [verb = "", name = ""] = args.filter((arg) => !arg.startsWith("-"));
  const script = verb === "run" ? name : npmsScripts.has(verb) ? verb : undefined;
  if (script === undefined) return npmsOwn.has(verb) ? [] : [`npm has no "${verb}"; a script needs npm run`];
  return scripts.has(script) ? [] : [`there is no script "${script}" in package.json`];
}

/**
 * @param {Command} command
 * @param {Tree} tree
 * @returns {string[]}
 */
function nodeFaults({ words: [program, ...args] }, { paths }) {
  const file = program === "node" ? args.find((arg) => /\.[jt]s$/.test(arg)) : undefined;
  return file === undefined || paths.has(file) ? [] : [`node runs ${file}, which isn't there`];
}

/**
 * @param {Command} command
 * @param {Facts} facts
 * @returns {string[]}
 */
function curlFaults({ words: [program, ...args] }, { routes, bodies }) {
  const url =
    program === "curl" ? args.find((arg) => !/^[-{]/.test(arg) && /\/flows(?:[/?]|$)/.test(arg)) : undefined;
  if (url === undefined) return [];
  const data = optionIn(args, options.data);
  const method = optionIn(args, options.method) ?? (data === undefined ? "GET" : "POST");
  const path = url.slice(url.indexOf("/flows")).replace(/\?.*/, "");
  const route = routes.find((candidate) => candidate.method === method && matches(path, candidate));
  if (!route) return [`the API has no ${method} ${path}`];
  const schema = bodies[route.function];
  if (data?.startsWith("@") || !schema) return [];
  return bodyFaults(data ?? "{}", schema, `${method} ${route.path}`);
}

/**
 * @param {Command} command
 * @param {Facts} facts
 * @returns {string[]}
 */
function awsFaults({ words }, { executionInput }) {
  const input = optionIn(words, options.input);
  if (words[0] !== "aws" || !words.includes("start-execution") || input === undefined) return [];
  return input.startsWith("file:") ? [] : bodyFaults(input, executionInput, "the execution's input");
}

/**
 * @param {string} path
 * @param {RouteFact} route
 */
function matches(path, route) {
  return new RegExp(`^${route.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
}

/**
 * The value of an option.
 *
 * @param {readonly string[]} words
 * @param {RegExp} option
 * @returns {string | undefined}
 */
function optionIn(words, option) {
  const index = words.findIndex((word) => option.test(word));
  return index < 0 ? undefined : (option.exec(words[index] ?? "")?.[1] ?? words[index + 1]);
}
