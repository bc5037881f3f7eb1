import { checks } from "../judge/checks.ts";
import type { Figures } from "../search/search.ts";
import type { Traced } from "../search/shrink.ts";

/** The sum of two counts. */
export function added(one: Figures, other: Figures): Figures {
  return {
    schedules: one.schedules + other.schedules,
    pruned: one.pruned + other.pruned,
    asleep: one.asleep + other.asleep,
    states: one.states + other.states,
    followed: one.followed + other.followed,
  };
}

/** Nothing has been counted. */
export const noFigures: Figures = { schedules: 0, pruned: 0, asleep: 0, states: 0, followed: 0 };

/** The head of the table. */
export const heading =
  "| Bound | Plans | Schedules | to known states | not made | States | Ways on | Seconds | Violations |\n" +
  "|---|---|---|---|---|---|---|---|---|";

/** One row of the table. */
export function rowFor(
  bound: string,
  plans: number,
  sum: Figures,
  seconds: number,
  violations: number,
): string {
  const counts = [
    plans,
    sum.schedules,
    sum.pruned,
    sum.asleep,
    sum.states,
    sum.followed,
    Math.round(seconds),
    violations,
  ];
  return `| ${[bound, ...counts.map((count) => count.toLocaleString("en"))].join(" | ")} |`;
}

/** Where a violation was found. */
export interface Whereabouts {
  readonly bound: string;
  readonly plan: string;
  /** How many faults fewer than in full were allowed. */
  readonly fewer: number;
}

/** A violation, for whoever has to understand it, and the line that runs it again. */
export function traceOf(
  { bound, plan, fewer }: Whereabouts,
  { check, text, choices, words, places }: Traced,
): string {
  const promise = checks.find(({ name }) => name === check)?.promise ?? "";
  const options = fewer === 0 ? "" : ` --fewer ${fewer}`;
  const line = `npm run explore --${options} --replay ${JSON.stringify(`${bound}: ${plan}`)} ${places.join(".") || "-"}`;
  return [
    `${check}: ${text}`,
    ...(promise === "" ? [] : [`  (${promise})`]),
    `  ${plan}`,
    ...choices.map((choice, index) => `  ${String(index + 1).padStart(2)}. ${choice}`),
    ...words.map((word) => `      then ${word}`),
    `  ${line}`,
  ].join("\n");
}

/** A violation as one line, by which it is told from others. */
export function keyOf({ bound, plan }: Whereabouts, { check, text }: Traced): string {
  return `KEY ${bound}: ${plan}: ${check}: ${text.replaceAll("\n", " ")}`;
}
