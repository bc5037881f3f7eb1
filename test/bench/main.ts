// Measures how fast and how small things are beside something else, both in one run. docs/performance.md says
// what each side is.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Results, tableOf } from "./measured.ts";
import { type Measurement, type MeasurementName, measurementNames, measurements } from "./measurements.ts";
import { plot, plotName } from "./plot.ts";
import { startSurroundings } from "./surroundings.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The commit that loading and sign-ons are compared with. */
    before: { type: "string" },
    rounds: { type: "string", default: "15" },
    /** How many sign-ons the heap is watched over. */
    "sign-ons": { type: "string", default: "10000" },
    /** Whether the figures and plots in the docs are made anew. */
    docs: { type: "boolean", default: false },
  },
});

function named(name: string): MeasurementName {
  const found = measurementNames.find((one) => one === name);
  if (found === undefined) throw new Error(`There is no ${name}. There are ${measurementNames.join(", ")}.`);
  return found;
}

/** All figures so far: a run may have measured a part of them. */
function merged(file: string, results: Results): Results {
  const before: Results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return { ...before, ...results };
}

function write(folder: string, results: Results): Results {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/bench.json`;
  const all = merged(file, results);
  writeFileSync(file, `${JSON.stringify(all, undefined, 1)}\n`);
  return all;
}

const chosen = positionals.length === 0 ? measurementNames : positionals.map(named);
const results: Record<string, Results[string]> = {};
const surroundings = await startSurroundings();
try {
  for (const name of chosen) {
    const measure: Measurement = measurements[name];
    const measured = await measure({
      ...{ surroundings, before: values.before, signOns: Number(values["sign-ons"]) },
      counts: { rounds: Number(values.rounds), warmUp: 2 },
    });
    for (const one of measured) {
      results[one.title] = one;
      console.log(tableOf(one));
    }
  }
} finally {
  await surroundings.stop();
}
write("dist/bench", results);
if (values.docs) {
  for (const one of Object.values(write("docs/performance", results))) {
    writeFileSync(`docs/performance/${plotName(one)}`, plot(one));
  }
}
