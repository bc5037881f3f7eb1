import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldedName } from "../../lib/flow/folded-name.ts";

const seed = 20_261_122;
/**
 * Every character that can have a case, another form, or none to see: the first two planes, and that of tags.
 */
function* everyCharacter(): Generator<string> {
  const planes = [
    [0, 0xd7ff],
    [0xe000, 0x1ffff],
    [0xe0000, 0xe0fff],
  ] as const;
  for (const [first, last] of planes) {
    for (let point = first; point <= last; point += 1) yield String.fromCodePoint(point);
  }
}

/** Ways to write the same text otherwise. Unicode (§3.13) changes the case of decomposed text only. */
const spellings: readonly ((text: string) => string)[] = [
  (text) => text.normalize("NFD").toLowerCase(),
  (text) => text.normalize("NFD").toUpperCase(),
  (text) => text.normalize("NFC"),
  (text) => text.normalize("NFD"),
  (text) => text.normalize("NFKC"),
  (text) => text.normalize("NFKD"),
];

/** Whether every spelling of a name folds alike, and what has been folded folds no further. */
function isFolded(name: string): boolean {
  const folded = foldedName(name);
  return [...spellings.map((spell) => spell(name)), folded].every((text) => foldedName(text) === folded);
}

/** Characters that no reader sees, by what they are for. */
const unseen: Readonly<Record<string, string>> = {
  "a zero-width space": "\u200b",
  "a zero-width joiner": "\u200d",
  "a zero-width no-break space": "\ufeff",
  "a word joiner": "\u2060",
  "a soft hyphen": "\u00ad",
  "a Mongolian soft hyphen": "\u1806",
  "a grapheme joiner": "\u034f",
  "a left-to-right mark": "\u200e",
  "a right-to-left override": "\u202e",
  "an isolate": "\u2066",
  "an Arabic letter mark": "\u061c",
  "a variation selector": "\ufe0f",
  "a far variation selector": "\u{e0100}",
  "a Mongolian variation selector": "\u180b",
  "a tag": "\u{e0061}",
  "a Hangul filler": "\u3164",
  "an invisible plus": "\u2064",
  "an annotation anchor": "\ufff9",
  "an object's place": "\ufffc",
  "a bell": "\u0007",
  "a null": "\u0000",
  "a delete": "\u007f",
  "a first half of a character": "\ud83d",
  "a second half of a character": "\ude00",
  "a language tag": "\u{e0001}",
  "a musical format character": "\u{1d173}",
  "an unassigned ignorable": "\u{e0fff}",
};

describe("a folded name", () => {
  it.each(Object.entries(unseen))("has no %s in it", (_, character) => {
    for (const name of [`${character}ann@example.com`, `an${character}n@example.com`, `ann${character}`]) {
      expect(foldedName(name)).toBe(foldedName(name.replaceAll(character, "")));
    }
    // Not even where it keeps an accent from its letter.
    expect(foldedName(`re${character}\u0301ne`)).toBe(foldedName("réne"));
  });

  it.each([
    ["sharp s", ["straße", "STRASSE", "STRAẞE", "strasse"]],
    ["final sigma", ["ΟΔΥΣΣΕΥΣ", "οδυσσευς", "οδυσσευσ"]],
    ["a ligature", ["ﬁona", "FIONA", "Fiona"]],
    ["an iota below", ["ᾳ", "ΑΙ", "αι"]],
    ["widths", ["ａｎｎ", "ＡＮＮ", "ann"]],
    ["a circled and a double-struck letter", ["ⓐnn", "𝕒nn", "ann"]],
    ["an Ångström", ["\u212bngström", "Ångström", "A\u030angstro\u0308m"]],
    ["long s and Kelvin", ["ſam\u212a", "samk", "SAMK"]],
    ["Cherokee letters", ["\u13a0", "\uab70"]],
  ])("takes no notice of %s", (_, names) => {
    expect(new Set(names.map(foldedName)).size).toBe(1);
  });

  it("has one blank between words, whatever set them apart, and none at the ends", () => {
    const blanks = [
      " ",
      "  ",
      "\t",
      "\r\n",
      "\u0085",
      "\u00a0",
      "\u2003",
      "\u3000",
      "\u2028",
      "\u1680",
      " \u200b ",
    ];
    for (const blank of blanks) expect(foldedName(`${blank}ann${blank}smith${blank}`)).toBe("ann smith");
    // A spacing accent is a blank with an accent on it.
    expect(foldedName("\u00b4ann")).toBe(foldedName(" \u0301ann"));
  });

  it("keeps apart what reads otherwise", () => {
    const names = [
      "ann",
      "anna",
      "ann smith",
      "annsmith",
      "ann-smith",
      "ann.smith",
      "ann+1",
      "änn",
      "аnn",
      "ann1",
      "",
    ];
    expect(new Set(names.map(foldedName)).size).toBe(names.length);
  });

  it("is the same for every spelling of every character, alone and in a word, and folds no further", () => {
    const wrong = [...everyCharacter()]
      .filter((character) => !isFolded(character) || !isFolded(`a${character}b`))
      .map((character) => character.codePointAt(0)?.toString(16));
    expect(wrong).toEqual([]);
  });

  it("is the same for every spelling of any text, and folds no further", () => {
    const noise = fc.constantFrom(
      ...Object.values(unseen),
      " ",
      "\u00a0",
      "\u0301",

      "\u0323",
      "ς",
      "ß",
      "İ",
    );
    const text = fc.array(fc.oneof(fc.string({ unit: "binary", maxLength: 3 }), noise), { maxLength: 12 });
    fc.assert(
      fc.property(text, (parts) => {
        expect(isFolded(parts.join(""))).toBe(true);
      }),
      { seed, numRuns: 5_000 },
    );
  });
});
