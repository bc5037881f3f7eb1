/** Longer texts are nobody's slip of a member's name: no time is spent on them. */
const longest = 64;

/**
 * The name that somebody most likely meant: one that differs in case, in what stands between words or in a
 * letter or two, or that one begins and the other goes on, as `codeChallengeMethod` does.
 *
 * @param name whatever was sent
 * @param known the names that there are
 */
export function resembling(name: string, known: readonly string[]): string | undefined {
  if (name.length > longest) return undefined;
  const sent = plain(name);
  const rules: readonly ((other: string) => boolean)[] = [
    (other) => other === sent,
    (other) => isNear(sent, other),
    (other) => isBegun(sent, other) || isBegun(other, sent),
  ];
  for (const fits of rules) {
    const found = known.find((other) => fits(plain(other)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Letters and digits alone, in one width and one case. */
function plain(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Whether one is the beginning of the other, and enough of it to be told by. */
function isBegun(beginning: string, whole: string): boolean {
  return beginning.length >= 4 && whole.startsWith(beginning);
}

function isNear(one: string, other: string): boolean {
  const most = Math.min(one.length, other.length) <= 4 ? 1 : 2;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/**
 * How many letters have to be put in, left out, replaced, or swapped with their neighbour (Damerau, 1964).
 */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= one.length; row += 1) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1;
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const ways = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + cost];
      rows[row]?.push(Math.min(...ways, ...(isSwapped ? [at(row - 2, column - 2) + 1] : [])));
    }
  }
  return at(one.length, other.length);
}
