/** A source of chance that a seed can repeat. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number, at least 0 and less than `limit`. */
  below(limit: number): number;
  /** True in so large a part of all cases. */
  chance(part: number): boolean;
}

/** mulberry32: 32 bits of state, the same numbers for the same seed on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    chance: (part) => next() < part,
  };
}

/** A passcode of six digits that is any but this one. */
export function otherCode(random: Random, code: string): string {
  return String((Number(code) + 1 + random.below(999_999)) % 1_000_000).padStart(6, "0");
}

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const [chosen] = list.slice(random.below(list.length));
  if (chosen === undefined) throw new Error("There is nothing to pick from.");
  return chosen;
}
