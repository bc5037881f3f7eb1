import * as z from "zod/mini";
import { longest } from "./longest.ts";

/** What is read of a passcode at all, with everything between its digits: characters. */
const longestText = 64;

/**
 * What people and their devices put between digits: blanks, dashes, and marks that nobody sees. A Japanese
 * keyboard's key for a dash writes the mark of a long vowel.
 */
const between = String.raw`[\s\x85\p{Zs}\p{Pd}\p{Dash}\u30fc\uff70\p{Default_Ignorable_Code_Point}]`;

/** 4 to 10 digits, and what may stand between them. */
const grammar = new RegExp(String.raw`^${between}*(?:\p{Nd}${between}*){4,10}$`, "u");

/**
 * A one-time passcode as people paste it, in whatever digits: `123 456`, `123-456`, full-width or Arabic
 * ones. Parsed, it is 4 to 10 ASCII digits, so that all spellings of a code are the same request.
 */
export const Passcode = z.pipe(
  z.string().check(longest(longestText), z.regex(grammar)),
  z.transform((text: string) => [...text].filter(isDigit).map(asciiDigit).join("")),
);

function isDigit(character: string): boolean {
  return /^\p{Nd}$/u.test(character);
}

/** Of ASCII, or as wide as the signs of East Asia. */
const letter = String.raw`A-Za-z\uff21-\uff3a\uff41-\uff5a`;

/** 4 to 32 letters and digits, and what may stand between them. */
const letterGrammar = new RegExp(String.raw`^${between}*(?:[${letter}\p{Nd}]${between}*){4,32}$`, "u");

const isLetter = new RegExp(`^[${letter}]$`, "u");

/**
 * A code of letters and digits as people paste it, in either case: `ab12-cd34`, `AB12 CD34`. Parsed, it is 4
 * to 32 ASCII digits and capitals, so that all spellings of a code are the same request.
 */
export const LetterCode = z.pipe(
  z.string().check(longest(longestText), z.regex(letterGrammar)),
  z.transform((text: string) =>
    [...text]
      .filter((one) => isDigit(one) || isLetter.test(one))
      .map((one) => (isDigit(one) ? asciiDigit(one) : one.normalize("NFKC").toUpperCase()))
      .join(""),
  ),
);

/**
 * The digits of every script stand in a row from 0 to 9, and rows that touch begin
 * one another's tens: so a digit's value is how far it is from the first digit
 * before it. https://www.unicode.org/versions/latest/ §4.6
 */
function asciiDigit(digit: string): string {
  const at = digit.codePointAt(0) ?? 0;
  let first = at;
  while (isDigit(String.fromCodePoint(first - 1))) first -= 1;
  return String((at - first) % 10);
}
