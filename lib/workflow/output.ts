import type { PasswordRequirement } from "../flow/details.ts";
import { type FlowView, hasEnded, shownAt } from "../flow/flow.ts";
import type { ProblemName } from "../flow/problems.ts";
import type { Reply } from "../flow/reply.ts";
import { Refusal } from "./errors.ts";

/** What a workflow's call puts out: the flow's view, without a secret. */
export interface Output extends Partial<FlowView> {
  readonly flowId: string;
  readonly status: string;
  /**
   * How long the flow lives if nothing happens: whole seconds, and never none, since
   * no `TimeoutSeconds` may be.
   */
  readonly expiresIn?: number | undefined;
  /** Why the step was turned down, for a Choice state: the flow goes on, and `next` says with what. */
  readonly error?: ProblemName | undefined;
  /** With `otp-rejected`, where PingOne tells. */
  readonly attemptsRemaining?: number | undefined;
  /** With `locked-out`, where PingOne tells: whole seconds. */
  readonly retryAfter?: number | undefined;
  /** With `password-refused`: the rules that the new password breaks. */
  readonly unsatisfied?: readonly PasswordRequirement[] | undefined;
  /** PingOne's id of the person, for a flow that a client holds. */
  readonly userId?: string | undefined;
  /** The newest flow token under KMS, in base64: where the workflow holds the flow. */
  readonly sealedFlowToken?: string | undefined;
}

/**
 * A reply as a workflow may see it. The authorization code stays where it was committed: sealed in the row.
 *
 * @param now epoch milliseconds
 * @throws Refusal for a problem, unless it left a flow that goes on: what is thrown has no output, so the
 * next flow token would be lost with it
 */
export function outputOf(flowId: string, reply: Reply, now: number): Output {
  switch (reply.kind) {
    case "view":
      return viewOutput(reply.view, now);
    case "authorized":
      return { flowId: reply.flowId, status: reply.status };
    case "redeemed":
    case "refreshed":
      // No workflow gets this far: an execution's history must never hold a token.
      throw new Refusal({ error: "not-for-workflows" });
    case "cancelled":
      return { flowId, status: "CANCELLED" };
    case "problem": {
      const { flow, problem } = reply;
      if (flow === undefined || hasEnded(flow.status)) throw new Refusal(problem);
      const { error, attemptsRemaining, retryAfter, unsatisfied } = {
        ...{ attemptsRemaining: undefined, retryAfter: undefined, unsatisfied: undefined },
        ...problem,
      };
      return { ...viewOutput(flow, now), error, attemptsRemaining, retryAfter, unsatisfied };
    }
  }
}

/** A view as a workflow sees it. @param now epoch milliseconds */
export function viewOutput(view: FlowView, now: number): Output {
  // Its state and nonce are a client's, and not for a history.
  const { browser: _, ...shown } = shownAt(view, now);
  return { ...shown, expiresIn: Math.max(1, shown.expiresIn) };
}
