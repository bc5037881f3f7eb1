import type { FlowPorts, Trace } from "./context.ts";
import type { Completion, Replaced } from "./reporter.ts";
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

/** Tells a waiter that another has taken its place. Never throws: it is advice, as the end of a flow is. */
export async function reportReplaced({ reporter }: FlowPorts, replaced: Replaced): Promise<void> {
  await reporter?.reportReplaced(replaced).catch(() => false);
}
