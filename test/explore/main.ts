import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Bound, boundsWith } from "./bounds/bounds.ts";
import { added, heading, keyOf, noFigures, rowFor, traceOf } from "./run/report.ts";
import { inWorkers } from "./run/workers.ts";
import { prepared } from "./search/plan.ts";
import { runThrough } from "./search/shrink.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fewer: { type: "string", default: "0" },
    keys: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    replay: { type: "string" },
  },
});

const print = (text: string) => process.stdout.write(`${text}\n`);
const fewer = Number(values.fewer);
const bounds = boundsWith(fewer);

if (values.replay === undefined) process.exitCode = (await exploreAll()) === 0 ? 0 : 1;
else await replay(values.replay, positionals[0] ?? "-");

/** Looks at every bound that is wanted. Gives the number of violations. */
async function exploreAll(): Promise<number> {
  const wanted = bounds.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const rows: string[] = [];
  let violations = 0;
  for (const bound of wanted) {
    const { row, found } = await exploreBound(bound);
    rows.push(row);
    violations += found;
  }
  print([heading, ...rows].join("\n"));
  print(violations === 0 ? "Nothing was violated." : `${violations} violations.`);
  return violations;
}

async function exploreBound({
  name,
  plans,
}: Bound): Promise<{ readonly row: string; readonly found: number }> {
  const begun = performance.now();
  const tasks = plans.flatMap((plan, index) =>
    plan.name.includes(values.only) ? [{ bound: name, index, fewer }] : [],
  );
  let sum = noFigures;
  let found = 0;
  await inWorkers(availableParallelism(), tasks, ({ index }, explored) => {
    sum = added(sum, explored);
    found += explored.traces.length;
    const where = { bound: name, plan: plans[index]?.name ?? "", fewer };
    for (const trace of explored.traces)
      print(values.keys ? keyOf(where, trace) : `${traceOf(where, trace)}\n`);
  });
  const seconds = (performance.now() - begun) / 1000;
  return { row: rowFor(name, tasks.length, sum, seconds, found), found };
}

/** Runs one schedule again and tells what it comes to. */
async function replay(name: string, places: string): Promise<void> {
  const [bound = "", ...rest] = name.split(": ");
  const plan = bounds.find((one) => one.name === bound)?.plans.find((one) => one.name === rest.join(": "));
  if (plan === undefined) throw new Error(`There is no plan with this name: ${name}`);
  const wanted = places === "-" ? [] : places.split(".").map(Number);
  const found = await runThrough(await prepared(plan), wanted);
  print(
    found === undefined
      ? "Nothing is violated by this schedule."
      : traceOf({ bound, plan: plan.name, fewer }, found),
  );
}
