import { type Figures, summaryOf } from "./rounds.ts";

/** What came of one measurement: the first side is what the others are compared with. */
export interface Measured {
  /** Also the name of its plot. */
  readonly title: string;
  /** Of the figures. */
  readonly unit: "bytes" | "kB" | "MB" | "ms" | "requests" | "sign-ons a second" | "USD";
  readonly figures: Figures;
}

/** All that a run has measured, by its title. */
export type Results = Readonly<Record<string, Measured>>;

/** As a table for a terminal. */
export function tableOf({ title, unit, figures }: Measured): string {
  const first = summaryOf(Object.values(figures)[0] ?? []).median;
  const rows = Object.entries(figures).map(([side, all]) => {
    const { median, lower, upper } = summaryOf(all);
    const spread = all.length > 1 ? `${lower.toPrecision(3)} – ${upper.toPrecision(3)}` : "";
    return `  ${side.padEnd(40)} ${median.toPrecision(4).padStart(8)} ${spread.padEnd(16)} × ${(median / first).toFixed(2)}`;
  });
  const rounds = Object.values(figures)[0]?.length ?? 0;
  const counted = rounds > 1 ? `: medians of ${rounds} rounds, and the quartiles` : "";
  return [`\n${title}, ${unit}${counted}`, ...rows].join("\n");
}
