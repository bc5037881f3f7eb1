// Measures how fast things are beside something else, in one run. docs/design.md says what each side is.

import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { callSides } from "./call.ts";
import { loadSides } from "./load.ts";
import { plot } from "./plot.ts";
import { type Figures, inTurn, summaryOf } from "./rounds.ts";

const { values } = parseArgs({
  options: {
    /** The commit that loading is compared with. */
    before: { type: "string" },
    rounds: { type: "string", default: "15" },
    /** Whether the plots in the docs are drawn anew. */
    plots: { type: "boolean", default: false },
  },
});

const counts = { rounds: Number(values.rounds), warmUp: 2 };
const measured: Record<string, Figures> = {};

measured["loading otp in a fresh process"] = await inTurn(await loadSides("otp", values.before), counts);
for (const roundTripMs of [0, 10, 30]) {
  const { sides, stop } = await callSides(roundTripMs, 3 * roundTripMs + 5);
  measured[`a call over TLS at ${roundTripMs} ms`] = await inTurn(sides, counts);
  stop();
}

mkdirSync("dist", { recursive: true });
writeFileSync("dist/bench.json", `${JSON.stringify({ counts, measured }, undefined, 2)}\n`);
for (const [title, figures] of Object.entries(measured)) {
  const of = summaryOf(Object.values(figures)[0] ?? []).median;
  console.log(`\n${title}: medians of ${counts.rounds} rounds, and the quartiles`);
  for (const [side, all] of Object.entries(figures)) {
    const { median, lower, upper } = summaryOf(all);
    const spread = `${lower.toFixed(1)} – ${upper.toFixed(1)}`;
    console.log(
      `  ${side.padEnd(36)} ${median.toFixed(1).padStart(7)} ms  ${spread.padEnd(15)} × ${(median / of).toFixed(2)}`,
    );
  }
  if (values.plots) writeFileSync(`docs/bench-${title.replaceAll(/\W+/g, "-")}.svg`, plot(title, figures));
}
