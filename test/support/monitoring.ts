import { type Definition, readDefinition } from "../local/workflow/definition.ts";
import type { Ending, Execution } from "../local/workflow/execution.ts";
import type { RunOptions, WorkflowProduct } from "./workflow-product.ts";

/** A run of the monitor that is over. */
export interface MonitorRun {
  readonly ending: Ending;
  readonly execution: Execution;
  /** What PingOne was asked, in order. */
  readonly asked: readonly string[];
}

/** Runs the monitor to its end. */
export async function runMonitor(
  product: WorkflowProduct,
  definition: Definition,
  options: RunOptions = {},
): Promise<MonitorRun> {
  const before = product.simulator.calls.length;
  const execution = product.run(definition, {}, options);
  const ending = await execution.ended;
  return { ending, execution, asked: product.simulator.calls.slice(before).map(({ action }) => action) };
}

/** The name of the secret that the monitor signs on by. */
export function monitorSecretOf({ text }: Definition): string {
  const [, name] = /"credentialSecret":"([^"]+)"/.exec(text) ?? [];
  if (name === undefined) throw new Error("The definition names no secret.");
  return name;
}

/** The same monitor under another policy. */
export function underPolicy({ text }: Pick<Definition, "text">, policy: string): Definition {
  const changed = text.replace('"policy":"Single_Factor"', `"policy":"${policy}"`);
  if (changed === text) throw new Error("The definition names no policy to replace.");
  return readDefinition(changed);
}

/** The error that a run ended with; its status where it ended with none. */
export function errorOf({ ending }: MonitorRun): string {
  return ending.status === "FAILED" ? ending.error : ending.status;
}

/** How often a state was tried. */
export function triesOf({ execution }: MonitorRun, state: string): number {
  return execution.tries.filter((one) => one.state === state).length;
}
