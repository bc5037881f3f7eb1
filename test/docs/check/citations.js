import { resolve } from "./links.js";

/** @import { Fault, Page, Passage, Tree } from "./types.ts" */

/** A section, or a few; rows of its table may follow each: `§7.1, §7.2 (3)`. */
const sections = /§[\d.]*\d(?: \(\d+(?:, \d+)*\))?(?:(?:,| and|, and) §[\d.]*\d(?: \(\d+(?:, \d+)*\))?)*/
  .source;

/** A page, by its file, and what is said of where in it: `#anchor`, sections, or `, "heading or row"`. */
const citation = new RegExp(
  `(?<name>(?:[\\w.-]+/)*[\\w-]+\\.md\\b)(?:#(?<anchor>[\\w-]+))?(?:\`?,? (?<numbers>${sections})|\`?,? "(?<title>[^"]+)")?`,
  "g",
);

/** A page that has no name: there is none to look it up in. */
const nameless = /\breference,? §[\d.]*\d/gi;

/** Sections of what is no page of ours: of standards. */
const foreign = new RegExp(
  `\\b(?:reference|RFC \\d+|SP [\\w-]+|(?:OIDC|OpenID Connect) \\w+(?: [\\d.]+)?),? ${sections}`,
  "gi",
);

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
    const text = passage.text.replace(/\s/g, " ").replace(/\bhttps?:\S+/g, blank);
    const dead = [
      ...[...text.matchAll(nameless)].map((found) => ({
        at: found.index,
        what: `cites "${found[0]}", and no page is called so: name a file`,
      })),
      ...[...text.matchAll(citation)].flatMap((found) =>
        deadParts(found.groups ?? {}, file, tree, pages).map((what) => ({ at: found.index, what })),
      ),
      ...ownSections(text, pages.get(file)),
    ];
    return dead.map(({ at, what }) => ({ file, line: passage.lineAt(at), what }));
  });
}

/**
 * @param {Readonly<Record<string, string | undefined>>} cited
 * @param {string} file
 * @param {Tree} tree
 * @param {ReadonlyMap<string, Page>} pages
 * @returns {string[]}
 */
function deadParts({ name = "", anchor, numbers = "", title }, file, tree, pages) {
  const path = resolve(name, file, tree);
  const page = path === undefined ? undefined : pages.get(path);
  if (!page) return [`cites ${name}, which isn't there`];
  const dead = [
    ...(anchor === undefined || page.anchors.has(anchor) ? [] : [`#${anchor}`]),
    ...(title === undefined || page.titles.some((text) => plain(text) === plain(title))
      ? []
      : [`"${title}"`]),
    ...deadSections(numbers, page).map(({ part }) => part),
  ];
  return dead.map((part) => `cites ${name} ${part}, which ${path} doesn't have`);
}

/**
 * What a page whose headings have numbers cites of itself, by the number alone.
 *
 * @param {string} text
 * @param {Page | undefined} page
 */
function ownSections(text, page) {
  if (!page || page.sections.size === 0) return [];
  const own = text.replace(foreign, blank).replace(citation, blank);
  return deadSections(own, page).map(({ at, part }) => ({
    at,
    what: `cites ${part}, which it doesn't have`,
  }));
}

/**
 * @param {string} text
 * @param {Page} page
 * @returns {{ at: number, part: string }[]}
 */
function deadSections(text, page) {
  return [...text.matchAll(/§([\d.]*\d)(?: \((\d+(?:, \d+)*)\))?/g)].flatMap(
    ({ index: at, 1: number = "", 2: rows }) => {
      const found = page.sections.get(number);
      if (!found) return [{ at, part: `§${number}` }];
      const gone = (rows?.split(", ") ?? []).filter((row) => !found.has(row));
      return gone.map((row) => ({ at, part: `§${number} (${row})` }));
    },
  );
}

/** @param {string} text */
function blank(text) {
  return " ".repeat(text.length);
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
