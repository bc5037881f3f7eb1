import { resolve } from "./links.js";

/** @import { Fault, Page, Passage, Tree } from "./types.ts" */

/** A page, by its file, and what is said of where in it: `#anchor`, `§7.1, §7.2` or `, "heading or row"`. */
const citation =
  /(?<name>(?:[\w.-]+\/)*[\w-]+\.md\b)(?:#(?<anchor>[\w-]+))?(?:,? (?<sections>§[\d.]+(?:(?:,| and|, and) §[\d.]+)*)|,? "(?<title>[^"]+)")?/g;

/** A page that has no name: there is none to look it up in. */
const nameless = /\breference,? §[\d.]*\d/gi;

/**
 * Citations of pages, headings, sections and rows that are not there.
 *
 * @param {string} file
 * @param {readonly Passage[]} passages
 * @param {Tree} tree
 * @param {ReadonlyMap<string, Page>} pages
 * @returns {Fault[]}
 */
export function deadCitations(file, passages, tree, pages) {
  return passages.flatMap((passage) => {
    const text = passage.text.replace(/\s/g, " ").replace(/\bhttps?:\S+/g, (url) => " ".repeat(url.length));
    const fault = (/** @type {number} */ offset, /** @type {string} */ what) => ({
      file,
      line: passage.lineAt(offset),
      what,
    });
    return [
      ...[...text.matchAll(nameless)].map((found) =>
        fault(found.index, `cites "${found[0]}", and no page is called so: name a file`),
      ),
      ...[...text.matchAll(citation)].flatMap((found) =>
        deadParts(found.groups ?? {}, file, tree, pages).map((what) => fault(found.index, what)),
      ),
    ];
  });
}

/**
 * @param {Readonly<Record<string, string | undefined>>} cited
 * @param {string} file
 * @param {Tree} tree
 * @param {ReadonlyMap<string, Page>} pages
 * @returns {string[]}
 */
function deadParts({ name = "", anchor, sections, title }, file, tree, pages) {
  const path = resolve(name, file, tree);
  const page = path === undefined ? undefined : pages.get(path);
  if (!page) return [`cites ${name}, which isn't there`];
  const dead = [
    ...(anchor === undefined || page.anchors.has(anchor) ? [] : [`#${anchor}`]),
    ...(title === undefined || hasTitle(page, title) ? [] : [`"${title}"`]),
    ...sectionsIn(sections)
      .filter((number) => !hasSection(page, number))
      .map((number) => `§${number}`),
  ];
  return dead.map((part) => `cites ${name} ${part}, which ${path} doesn't have`);
}

/** @param {string | undefined} text */
function sectionsIn(text) {
  return [...(text ?? "").matchAll(/\d+(?:\.\d+)*/g)].map(([number]) => number);
}

/**
 * @param {Page} page
 * @param {string} title
 */
function hasTitle(page, title) {
  return page.titles.some(({ text }) => plain(text) === plain(title));
}

/**
 * @param {Page} page
 * @param {string} number
 */
function hasSection(page, number) {
  return page.titles.some(({ text }) => /^§?(\d+(?:\.\d+)*)\.?(?=\s|$)/.exec(text)?.[1] === number);
}

/**
 * A title without its number and its full stop.
 *
 * @param {string} title
 */
function plain(title) {
  return title
    .replace(/[`*]/g, "")
    .replace(/^§?\d+(?:\.\d+)*\.? /, "")
    .replace(/[.:]$/, "")
    .trim();
}
