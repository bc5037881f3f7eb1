import { parseArgs } from "node:util";
import { takeWalks } from "./walks.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    path: { type: "string" },
  },
});

const options = { runs: Number(values.runs), seed: Number(values.seed), path: values.path };
const begun = performance.now();
const { ends, steps, failure } = await takeWalks(options);
const seconds = Math.round((performance.now() - begun) / 1000);
const counted = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");

process.stdout.write(`walks: ${options.runs}, seed: ${options.seed}, in ${seconds} s\n`);
process.stdout.write(`ended: ${counted(ends)}\ntook: ${counted(steps)}\n`);
process.stdout.write(failure === undefined ? "Every walk kept every promise.\n" : `${failure}\n`);
process.exitCode = failure === undefined ? 0 : 1;
