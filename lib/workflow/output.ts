import type { FlowView } from "../flow/flow.ts";
import type { Reply } from "../flow/reply.ts";
import { Refusal } from "./errors.ts";

/** What a workflow's call puts out: the flow's view, without a secret. */
export interface Output extends Partial<FlowView> {
  readonly flowId: string;
  readonly status: string;
  /** Of a start, and of a look without a token: how long the flow lives if nothing happens; whole seconds, never none. */
  readonly expiresIn?: number | undefined;
  /** PingOne's id of the person, for a flow that a client holds. */
  readonly userId?: string | undefined;
  /** The newest flow token under KMS, in base64: where the workflow holds the flow. */
  readonly sealedFlowToken?: string | undefined;
}

/**
 * A reply as a workflow may see it. The authorization code stays where it was committed: sealed in the row.
 *
 * @throws Refusal for a problem
 */
export function outputOf(flowId: string, reply: Reply): Output {
  switch (reply.kind) {
    case "view":
      return reply.view;
    case "authorized":
      return { flowId, status: "RESUMED" };
    case "cancelled":
      return { flowId, status: "CANCELLED" };
    case "problem":
      throw new Refusal(reply.problem);
  }
}

/**
 * Seconds for a state's `TimeoutSeconds`, which takes no zero.
 *
 * @param deadline epoch milliseconds, as is `now`
 */
export function secondsUntil(deadline: number, now: number): number {
  return Math.max(1, Math.floor((deadline - now) / 1000));
}
