/** Controls that set text apart as a blank does: tab, line and page breaks, and every kind of space. */
const blanks = /[\t-\r\u0085\p{Z}]+/gu;

/**
 * What no reader sees: code points that Unicode has a display leave out, format and control characters,
 * halves of characters, and the two that RFC 4518 §2.2 drops beside them.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}\u1806\ufffc]/gu;

/**
 * How often folding changes a text at most, until nothing changes any more: a bound, so that it always ends.
 */
const mostPasses = 4;

/**
 * One spelling for all that a directory, or a reader, may take for the same name: what a name is counted by,
 * and never what is sent. Compatibility forms, letter case, and what can't be seen make no difference; white
 * space is one blank between words, and none at the ends. Folding twice changes nothing more.
 *
 * The guides are the preparation of user names (RFC 8265 §3.3), of strings in a directory (RFC 4518 §2) and
 * caseless matching (Unicode 16, §3.13.5), with no data but Node's own.
 */
export function foldedName(name: string): string {
  let folded = name;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const before = folded;
    folded = foldedOnce(before);
    if (folded === before) break;
  }
  return folded;
}

function foldedOnce(name: string): string {
  // Blanks first: some of them are controls. Decomposed, so that an accent that was set apart finds its
  // letter again.
  const seen = name.replace(blanks, " ").replace(invisible, "").normalize("NFKD");
  return caseFolded(seen).normalize("NFKC").replace(blanks, " ").trim();
}

/** Full case folding: upper case makes `ss` of `ß`, and has none of the sigma that only ends a word. */
function caseFolded(text: string): string {
  // Down first: `ẞ` is its own upper case.
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
