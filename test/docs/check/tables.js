import { comparisons } from "./comparisons.js";

/** @import { Facts, Fault, Page } from "./types.ts" */

/**
 * Marked tables that differ from the code, and marks without a table or a comparison.
 *
 * @param {readonly Page[]} pages
 * @param {Facts} facts
 * @returns {Fault[]}
 */
export function staleTables(pages, facts) {
  const marked = pages.flatMap(({ path, tables }) =>
    tables.flatMap((table) => (table.name === undefined ? [] : [{ path, table, name: table.name }])),
  );
  const stale = marked.flatMap(({ path, table, name }) => {
    const compare = comparisons[name];
    const pieces = compare
      ? compare(table, facts)
      : [{ text: "nobody compares it with the code", line: table.line }];
    return pieces.map(({ text, line }) => ({ file: path, line, what: `table "${name}": ${text}` }));
  });
  const stray = pages.flatMap(({ path, strayMarks }) =>
    strayMarks.map(({ text, line }) => ({
      file: path,
      line,
      what: `table "${text}": no table follows the mark`,
    })),
  );
  return [...stale, ...stray, ...uncompared(marked)];
}

/**
 * Comparisons without a table, or with more than one.
 *
 * @param {readonly { path: string, table: { line: number }, name: string }[]} marked
 * @returns {Fault[]}
 */
function uncompared(marked) {
  return Object.keys(comparisons).flatMap((name) => {
    const [first, ...others] = marked.filter((table) => table.name === name);
    if (!first) return [{ file: "README.md", line: 1, what: `no page has the table "${name}"` }];
    return others.map(({ path, table }) => ({
      file: path,
      line: table.line,
      what: `table "${name}": it stands in ${first.path} already`,
    }));
  });
}
