/** A mean, and how far chance may have put it off: the standard error. */
interface Mean {
  readonly mean: number;
  readonly error: number;
}

/** What is left out at either end. */
const trimmed = 0.1;

/** The mean of all. */
export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

/** The mean without the least and the greatest tenth, which a busy machine has made. */
export function trimmedMean(numbers: readonly number[]): Mean {
  const cut = Math.floor(numbers.length * trimmed);
  const middle = numbers.toSorted((a, b) => a - b).slice(cut, numbers.length - cut);
  const center = mean(middle);
  const squares = middle.reduce((sum, one) => sum + (one - center) ** 2, 0);
  return { mean: center, error: Math.sqrt(squares / Math.max(1, middle.length - 1) / middle.length) };
}
