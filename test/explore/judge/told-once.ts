import { isOver } from "../../../lib/flow/flow.ts";
import type { News } from "../ports.ts";
import { waiterIn } from "../requests.ts";
import type { FlowRow } from "../table/flow-row.ts";
import type { AnswerSight, Check, TellingSight } from "./check.ts";

/** A waiter is told once, and the truth. */
export const toldOnce: Check = {
  name: "told once",
  promise: "Whoever waits is told of the end, or that another waits now: once for each time that it asked.",
  onTelling: ({ ledger, deeds, waiter, news, world }: TellingSight) => {
    const asked = ledger.waits.get(waiter) ?? 1;
    if ((ledger.told.get(waiter) ?? 0) > asked) return `${deeds.name} tells ${waiter} again`;
    const last = deeds.rows.at(-1);
    return isTrue(news, waiter, last, world.now) ? undefined : `${deeds.name} tells ${waiter}: ${news}`;
  },
  onAnswer: ({ deeds }: AnswerSight) => {
    const [before, after] = deeds.rows.slice(-2);
    const waiter = after?.waiter ?? before?.waiter;
    const hasEnded =
      before !== undefined && before !== after && !isOver(before.status) && isGone(before, after);
    return hasEnded && waiter !== undefined && !deeds.isLost && !deeds.hasTold
      ? `${deeds.name} ends the flow and does not tell`
      : undefined;
  },
};

function isTrue(news: News, waiter: string, row: FlowRow | undefined, now: number): boolean {
  switch (news) {
    case "replaced":
      return row?.waiter !== undefined && waiterIn(row.waiter) !== waiter;
    case "CANCELLED":
      return row === undefined;
    case "EXPIRED":
      return row !== undefined && row.deadline <= now;
    default:
      return row?.status === news && isOver(news);
  }
}

/** Whether a write has ended the flow. */
function isGone(before: FlowRow, after: FlowRow | undefined): boolean {
  return (
    after === undefined ||
    isOver(after.status) ||
    (after.deadline !== before.deadline && after.jar === undefined)
  );
}
