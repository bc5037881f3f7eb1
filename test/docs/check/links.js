import { posix } from "node:path";

/** @import { Fault, Page, Piece, Tree } from "./types.ts" */

/** What the name of a file ends with that may be named without its folder. */
const fileName = /^[\w.*{}-]+\.(?:ts|js|json|md|sh|ya?ml)$/;

/**
 * Links to files and headings that are not there, and paths in backticks that lead nowhere.
 *
 * @param {Page} page
 * @param {Tree} tree
 * @param {ReadonlyMap<string, Page>} pages
 * @returns {Fault[]}
 */
export function deadLinks(page, tree, pages) {
  return [
    ...page.links.flatMap((link) => faultOfLink(page, link, tree, pages)),
    ...page.codes.flatMap(({ text, line }) =>
      isPath(text, tree) && !leads(text, page.path, tree) ? [notThere(page, text, line)] : [],
    ),
    ...page.fences
      .filter(({ language }) => language === "" || language === "text")
      .flatMap((fence) => pathsIn(fence, tree))
      .filter(({ text }) => !leads(text, page.path, tree))
      .map(({ text, line }) => notThere(page, text, line)),
    ...page.passages.flatMap((passage) =>
      [...passage.text.matchAll(/\]\[/g)].map(({ index }) => ({
        file: page.path,
        line: passage.lineAt(index),
        what: "a link whose target is defined nowhere",
      })),
    ),
  ];
}

/**
 * Where a name of a file leads: from the root, from the folder of the file that names it, or from `docs/`.
 *
 * @param {string} name
 * @param {string} from the path of the file that names it
 * @param {Tree} tree
 */
export function resolve(name, from, { paths }) {
  const beside = posix.join(posix.dirname(from), name);
  return [posix.normalize(name), beside, `docs/${name}`].find((path) => paths.has(path));
}

/**
 * @param {Page} page
 * @param {Piece} link
 * @param {Tree} tree
 * @param {ReadonlyMap<string, Page>} pages
 * @returns {Fault[]}
 */
function faultOfLink(page, { text, line }, { paths, folders }, pages) {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(text)) return [];
  const [target = "", anchor] = text.split("#");
  const folder = target.startsWith("/") ? "." : posix.dirname(page.path);
  const path = target === "" ? page.path : posix.join(folder, target).replace(/^\/|\/$/g, "");
  const fault = (/** @type {string} */ what) => [{ file: page.path, line, what }];
  if (!paths.has(path) && !folders.has(path) && path !== ".") {
    return fault(`a link to ${text}, which isn't there`);
  }
  const found = pages.get(path);
  const isDead = anchor !== undefined && found && !found.anchors.has(anchor);
  return isDead ? fault(`a link to ${text}, but ${path} has no such heading`) : [];
}

/**
 * @param {Page} page
 * @param {string} path
 * @param {number} line
 * @returns {Fault}
 */
function notThere(page, path, line) {
  return { file: page.path, line, what: `names ${path}, which isn't there` };
}

/**
 * Whether words in backticks are meant as a path of the repository.
 *
 * @param {string} code
 * @param {Tree} tree
 */
function isPath(code, { folders }) {
  if (fileName.test(code)) return true;
  if (!/^[\w.*{}/-]+$/.test(code) || !code.includes("/")) return false;
  const [first = ""] = code.split("/");
  return first === "." || first === ".." || folders.has(first);
}

/**
 * Whether a path leads to anything; `*` and `{…}` stand for any name. A bare name may be that of any file.
 *
 * @param {string} path
 * @param {string} from
 * @param {Tree} tree
 */
function leads(path, from, { paths, folders }) {
  const spelled = path.replace(/\/$/, "");
  const candidates = [posix.normalize(spelled), posix.join(posix.dirname(from), spelled)];
  const patterns = candidates.map((candidate) => patternOf(candidate, ""));
  if (!path.includes("/")) patterns.push(patternOf(path, "(?:.*/)?"));
  const all = [...paths, ...(path.includes(".") && !path.startsWith(".") ? [] : folders)];
  return patterns.some((pattern) => all.some((name) => pattern.test(name)));
}

/**
 * @param {string} path
 * @param {string} before
 */
function patternOf(path, before) {
  const literal = path.replace(/[.+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${before}${literal.replace(/\*+|\{[^}]*\}/g, "[^/]+")}$`);
}

/**
 * The paths in a drawing of the tree.
 *
 * @param {Piece} fence
 * @param {Tree} tree
 * @returns {Piece[]}
 */
function pathsIn(fence, tree) {
  return fence.text
    .split("\n")
    .flatMap((text, index) =>
      [...text.matchAll(/(?<![\w./-])[\w.-]+\/[\w./*-]*/g)]
        .filter(([path]) => isPath(path, tree))
        .map(([path]) => ({ text: path, line: fence.line + index })),
    );
}
