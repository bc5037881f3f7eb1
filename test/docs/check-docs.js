// Holds the documents against the sources, each other and their own examples.
import { checkDocs } from "./check/check.js";
import { factsOf } from "./check/facts.js";
import { readTree } from "./check/tree.js";

const started = performance.now();
const tree = readTree(".");
const { faults, pages, sources } = checkDocs(tree, factsOf(tree));
for (const { file, line, what } of faults) process.stdout.write(`${file}:${line}: ${what}\n`);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`pages: ${pages}, sources: ${sources}, faults: ${faults.length}, in ${seconds} s\n`);
process.exitCode = faults.length > 0 || pages === 0 || sources === 0 ? 1 : 0;
