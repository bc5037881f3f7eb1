import { parseSync } from "oxc-parser";
import { passageOf } from "./passage.js";

/** @import { Comments, Fault, Piece } from "./types.ts" */

/**
 * Reads the comments of a source file.
 *
 * @param {string} path
 * @param {string} source
 * @returns {Comments}
 */
export function commentsOf(path, source) {
  const lines = source.split("\n");
  /** @type {Set<number>} */
  const commented = new Set();
  /** @type {{ type: string, pieces: Piece[] }[]} */
  const groups = [];
  let line = 1;
  let offset = 0;
  for (const { type, value, start } of parseSync(path, source).comments) {
    line += breaksIn(source.slice(offset, start));
    offset = start;
    const pieces = piecesOf(value, line);
    for (const piece of pieces) commented.add(piece.line);
    const before = groups.at(-1);
    const goesOn = type === "Line" && before?.type === type && before.pieces.at(-1)?.line === line - 1;
    if (goesOn) before.pieces.push(...pieces);
    else groups.push({ type, pieces });
  }
  return { path, lines, passages: groups.map(({ pieces }) => passageOf(pieces)), commented };
}

/**
 * Comments that are wider than the formatter lets code be. An address that stands alone can't be broken.
 *
 * @param {Comments} comments
 * @param {number} width
 * @returns {Fault[]}
 */
export function wideComments({ path, lines, commented }, width) {
  return [...commented].flatMap((line) => {
    const text = lines[line - 1] ?? "";
    if (/^[\s*/]*https:\S+$/.test(text)) return [];
    const columns = [...text].length;
    const what = `a line with a comment has ${columns} columns; ${width} are the most`;
    return columns > width ? [{ file: path, line, what }] : [];
  });
}

/**
 * @param {string} comment
 * @param {number} first its line
 * @returns {Piece[]}
 */
function piecesOf(comment, first) {
  return comment
    .split("\n")
    .map((text, index) => ({ text: `${text.replace(/^[\s*]+/, "")} `, line: first + index }));
}

/** @param {string} text */
function breaksIn(text) {
  return text.split("\n").length - 1;
}
