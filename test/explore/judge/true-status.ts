import type { AttemptLimits, FlowView } from "../../../lib/flow/flow.ts";
import type { Reply } from "../../../lib/flow/reply.ts";
import { steps } from "../../../lib/flow/steps.ts";
import type { FlowRow } from "../table/flow-row.ts";
import { isUsedUp } from "./attempts.ts";
import type { AnswerSight, Check } from "./check.ts";

/** A view is what the row said. */
export const trueStatus: Check = {
  name: "true status",
  promise: "A view tells what the row said when it was looked at, and offers what is left of it.",
  onAnswer: ({ deeds, answer, settings }: AnswerSight) => {
    const { reply, flowToken } = answer;
    const isReplay = flowToken !== undefined && !deeds.hasDrawn;
    if (reply.kind === "cancelled") {
      return deeds.rows.at(-1) === undefined ? undefined : "the flow is still there";
    }
    const view = viewIn(reply);
    // What is given again was true when it was given first.
    if (view === undefined || isReplay) return undefined;
    const isTrue = deeds.rows.some((row) => row !== undefined && isViewOf(row, view, settings));
    return isTrue
      ? undefined
      : `${deeds.name} is told of ${view.status}, ${view.next}, ${view.pending ?? "no step"}`;
  },
};

function viewIn(reply: Reply): FlowView | undefined {
  if (reply.kind === "view") return reply.view;
  return reply.kind === "problem" ? reply.flow : undefined;
}

function isViewOf(row: FlowRow, { status, next, pending }: FlowView, limits: AttemptLimits): boolean {
  const left = row.next.filter((step) => steps[step].call.kind !== "read" && !isUsedUp(step, row, limits));
  const isTaken = pending === undefined ? isIdle(row) : row.claim?.step === pending && !isIdle(row);
  return row.status === status && left.join() === next.join() && isTaken;
}

/** Whether nobody takes a step that a client has asked for. */
function isIdle({ claim }: FlowRow): boolean {
  return claim === undefined || steps[claim.step].call.kind === "read";
}
