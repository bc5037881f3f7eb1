import { coverageOf } from "./run/coverage.ts";

const { parts, reached, unreached } = coverageOf("lib/flow", process.argv[2] ?? "");
const lines = unreached.map(({ file, line, text }) => `${file}:${line}: ${text.slice(0, 160)}`).toSorted();
process.stdout.write(
  `${[...new Set(lines)].join("\n")}\n${reached} of ${parts} functions and branches reached.\n`,
);
