/** @import { Facts, Fault, Tree } from "./types.ts" */

const path = "docs/problems.md";

/** What each section has to say, in this order. */
const parts = ["Means", "Comes", "Client", "Person"];

/**
 * Holds the catalogue of problems against the code: one section for each problem, with its HTTP status and
 * all parts.
 *
 * @param {Tree} tree
 * @param {Facts} facts
 * @returns {Fault[]}
 */
export function staleCatalogue(tree, { catalogue }) {
  const [, ...sections] = tree.read(path).split(/^## /m);
  const left = new Map(Object.entries(catalogue));
  let line = 1 + breaksIn(tree.read(path).split(/^## /m)[0] ?? "");
  /** @type {Fault[]} */
  const faults = [];
  for (const section of sections) {
    const name = /^`([\w-]+)`\n/.exec(section)?.[1] ?? section.split("\n")[0] ?? "";
    const status = left.get(name);
    left.delete(name);
    const found =
      status === undefined ? ["no problem is called so, or it has a section already"] : gaps(section, status);
    faults.push(...found.map((what) => ({ file: path, line, what: `\`${name}\`: ${what}` })));
    line += breaksIn(section);
  }
  const missing = [...left.keys()].map((name) => ({
    file: path,
    line: 1,
    what: `\`${name}\` has no section`,
  }));
  return [...faults, ...missing];
}

/**
 * @param {string} section
 * @param {number} status
 * @returns {string[]}
 */
function gaps(section, status) {
  const said = [...section.matchAll(/^- \*\*(\w+):\*\* \S/gm)].map((found) => found[1]);
  const inOrder = said.join(", ") === parts.join(", ");
  return [
    ...(section.includes(`\n\nHTTP ${status}.`) ? [] : [`it does not begin with "HTTP ${status}."`]),
    ...(inOrder ? [] : [`it says ${said.join(", ") || "nothing"} instead of ${parts.join(", ")}`]),
  ];
}

/** @param {string} text */
function breaksIn(text) {
  return text.split("\n").length - 1;
}
