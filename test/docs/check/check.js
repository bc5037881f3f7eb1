import { staleCatalogue } from "./catalogue.js";
import { deadCitations } from "./citations.js";
import { commentsOf, wideComments } from "./comments.js";
import { brokenExamples } from "./examples.js";
import { deadLinks } from "./links.js";
import { pageOf } from "./page.js";
import { staleTables } from "./tables.js";

/** @import { Facts, Fault, Tree } from "./types.ts" */

/**
 * Every fault of the documents, and of the comments that cite them, in the order of the files.
 *
 * @param {Tree} tree
 * @param {Facts} facts
 * @returns {{ faults: Fault[], pages: number, sources: number }}
 */
export function checkDocs(tree, facts) {
  const paths = [...tree.paths];
  const pages = new Map(
    paths.filter((path) => path.endsWith(".md")).map((path) => [path, pageOf(path, tree.read(path))]),
  );
  const sources = paths
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => commentsOf(path, tree.read(path)));
  const faults = [
    ...[...pages.values()].flatMap((page) => [
      ...deadLinks(page, tree, pages),
      ...deadCitations(page.path, page.passages, tree, pages),
      ...brokenExamples(page, facts, tree),
    ]),
    ...sources.flatMap((source) => [
      ...deadCitations(source.path, source.passages, tree, pages),
      ...wideComments(source, facts.lineWidth),
    ]),
    ...staleTables([...pages.values()], facts),
    ...staleCatalogue(tree, facts),
  ];
  return { faults: faults.toSorted(inOrder), pages: pages.size, sources: sources.length };
}

/**
 * @param {Fault} one
 * @param {Fault} other
 */
function inOrder(one, other) {
  return one.file.localeCompare(other.file) || one.line - other.line;
}
