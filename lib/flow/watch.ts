import { reportEnd, reportReplaced } from "./completion.ts";
import { unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, Trace } from "./context.ts";
import { type Flow, type FlowView, isOver, resumed, storedView } from "./flow.ts";
import { endProblem } from "./judge.ts";
import { statusIn } from "./log-text.ts";
import type { FlowProblem } from "./problems.ts";

/** A look at a flow that somebody else holds. */
export interface WatchInput {
  readonly flowId: string;
  /** Who is to be told of its end: sealed bytes. */
  readonly waiter?: Uint8Array | undefined;
  readonly trace: Trace;
}

/** What was seen of a flow, or why nothing could be. */
export type WatchResult =
  | {
      readonly kind: "seen";
      readonly view: FlowView;
      readonly userId?: string | undefined;
    }
  | { readonly kind: "refused"; readonly problem: FlowProblem };

/**
 * Looks at a flow without any token of it, for a workflow that IAM has let through: reads where it stands,
 * and keeps who is to be told of its end. No secret is opened, no doubt settled, PingOne is not asked. Where
 * the flow is already complete the waiter is told at once. Where somebody else has waited for it so far, they
 * are told that they wait in vain.
 *
 * @returns what was seen, or the problem that the flow has ended with; never throws for what the store does
 */
export async function watch(ports: FlowPorts, { flowId, waiter, trace }: WatchInput): Promise<WatchResult> {
  const now = ports.clock.now();
  const looked = await unlessUnavailable(
    ports.store.watch({ flowId, now, waiter }).then((watched) => ({ watched })),
  );
  if (looked === undefined) return refusedWatch({ error: "upstream-unavailable" });
  if (looked.watched === undefined) return refusedWatch({ error: "flow-not-found" });
  const { flow, isKept, replaced } = looked.watched;
  if (flow === undefined) return refusedWatch({ error: "restart-required" });
  trace.statusBefore = statusIn(flow.status);
  const problem = endOrExpiry(flow, now);
  if (problem !== undefined) return refusedWatch(problem);
  const { status, userId } = flow;
  if (waiter !== undefined && replaced !== undefined) {
    await reportReplaced(ports, { flowId, earlier: replaced, later: waiter });
  }
  // A waiter that stands in the row is told by whoever ended the flow.
  if (waiter !== undefined && isOver(status) && !isKept) {
    await reportEnd(ports, trace, { waiter, flowId, status, userId });
    // Nothing more happens to the flow, so nobody else will tell.
    if (trace.reported !== true) return refusedWatch({ error: "upstream-unavailable" });
  }
  return { kind: "seen", view: storedView(flow, ports.settings), userId };
}

/**
 * What has ended has ended, however late it is asked for; a resumed flow's own deadline is only for its code.
 */
function endOrExpiry(flow: Flow, now: number): FlowProblem | undefined {
  const expired = flow.deadline <= now && flow.status !== resumed;
  return endProblem(flow.status) ?? (expired ? { error: "flow-expired" } : undefined);
}

function refusedWatch(problem: FlowProblem): WatchResult {
  return { kind: "refused", problem };
}
