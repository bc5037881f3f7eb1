/** @import { Passage, Piece } from "./types.ts" */

/**
 * Pieces that follow each other, as one text.
 *
 * @param {readonly Piece[]} pieces
 * @returns {Passage}
 */
export function passageOf(pieces) {
  const text = pieces.map((piece) => piece.text).join("");
  return {
    text,
    lineAt: (offset) => {
      let end = 0;
      const found = pieces.find((piece) => {
        end += piece.text.length;
        return offset < end;
      });
      return (found ?? pieces.at(-1))?.line ?? 1;
    },
  };
}

/**
 * The line of an offset in a text, counted from 1.
 *
 * @param {string} text
 * @param {number} offset
 */
export function lineOf(text, offset) {
  return text.slice(0, offset).split("\n").length;
}
