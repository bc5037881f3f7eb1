/** What is measured, by its name: one run of it gives one figure, or several that were taken together. */
export type Sides<Figure = number> = Readonly<Record<string, () => Promise<Figure>>>;

/** The figures of one side, in the order of the rounds. */
export type Figures<Figure = number> = Readonly<Record<string, readonly Figure[]>>;

/** How often each side is measured, and how often before that counts. */
export interface Counts {
  readonly rounds: number;
  readonly warmUp: number;
}

/** The middle figure, and those that a quarter lies below and above. */
export interface Summary {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** Measures several sides in turn, so that whatever else the machine does falls on all of them. */
export async function inTurn<Figure>(
  sides: Sides<Figure>,
  { rounds, warmUp }: Counts,
): Promise<Figures<Figure>> {
  const figures = new Map<string, Figure[]>(Object.keys(sides).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, measure] of Object.entries(sides)) {
      const figure = await measure();
      if (round >= 0) figures.get(name)?.push(figure);
    }
  }
  return Object.fromEntries(figures);
}

/** One of the figures that were taken together. */
export function only<Figure>(figures: Figures<Figure>, one: (figure: Figure) => number): Figures {
  return Object.fromEntries(Object.entries(figures).map(([side, all]) => [side, all.map(one)]));
}

/** The quartiles of some figures. */
export function summaryOf(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b);
  return {
    median: percentile(sorted, 0.5),
    lower: percentile(sorted, 0.25),
    upper: percentile(sorted, 0.75),
  };
}

/**
 * The figure that a part of all lies below.
 *
 * @param sorted the least first
 */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
