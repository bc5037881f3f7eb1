import type { FlowPorts, Trace } from "./context.ts";
import type { Completion } from "./reporter.ts";
import type { OptionalWaiter } from "./store.ts";

/** Tells whoever waits for a flow that it has ended, or is complete; nobody may be waiting. Never throws. */
export async function reportEnd(
  { reporter }: FlowPorts,
  trace: Trace,
  { waiter, ...completion }: OptionalWaiter & Completion,
): Promise<void> {
  if (reporter === undefined || waiter === undefined) return;
  trace.reported = await reporter.report(waiter, completion).catch(() => false);
}
