import { boundsWith } from "../bounds/bounds.ts";
import { exploredPlan } from "./explored.ts";
import { Task } from "./tasks.ts";

const bounds = new Map<number, ReturnType<typeof boundsWith>>();

process.on("message", (message) => {
  const { bound, index, fewer } = Task.parse(message);
  const all = bounds.get(fewer) ?? boundsWith(fewer);
  bounds.set(fewer, all);
  const plan = all.find(({ name }) => name === bound)?.plans[index];
  if (plan === undefined) throw new Error("There is no such plan.");
  exploredPlan(plan).then((explored) => process.send?.(explored), fail);
});

// Nobody is there any more to be answered.
process.on("disconnect", () => process.exit());

/** Ends the process with the error. */
function fail(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
