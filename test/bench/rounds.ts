/** What is measured, by its name: one run of it gives one figure. */
export type Sides = Readonly<Record<string, () => Promise<number>>>;

/** The figures of one side, in the order of the rounds. */
export type Figures = Readonly<Record<string, readonly number[]>>;

/** The middle figure, and those that a quarter lies below and above. */
export interface Summary {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Measures several sides in turn, so that whatever else the machine does falls on all of them.
 *
 * @param warmUp rounds before those that count
 */
export async function inTurn(
  sides: Sides,
  { rounds, warmUp }: { rounds: number; warmUp: number },
): Promise<Figures> {
  const figures = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries(sides)) {
      const figure = await measure();
      if (round >= 0) figures.get(name)?.push(figure);
    }
  }
  return Object.fromEntries(figures);
}

/** The quartiles of some figures. */
export function summaryOf(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}
