import { actionOf, type StepName, stepNames } from "../../../lib/flow/steps.ts";
import { actionsIn, stepsIn } from "../pingone/statuses.ts";
import type { Check, RowSight } from "./check.ts";
import type { Deeds } from "./ledger.ts";

/** What is offered is taken, and what is taken is offered. */
export const trueOffers: Check = {
  name: "true offers",
  promise: "What next offers is exactly what PingOne takes, as far as its last answer told.",
  onRow: ({ deeds, purpose, before, after }: RowSight) => {
    const isDecoy = after?.jar?.peek().standing === "decoy";
    if (purpose !== "commit" || before === after || after === undefined || isDecoy) return undefined;
    const told = toldTo(deeds);
    if (told === undefined) return undefined;
    const wrong = after.next.find((step) => told === "nothing" || !isTaken(step, told));
    if (wrong !== undefined) return `${wrong} is offered, and PingOne takes ${told}`;
    // A flow that we have ended offers nothing, wherever PingOne is.
    const missing = after.status === told ? missingIn(after.next, told) : undefined;
    return missing && `${missing} is not offered, and PingOne takes it at ${told}`;
  },
};

/**
 * The status that PingOne was at when it last answered; `nothing` where it told a reader that it has no such
 * flow. Who takes a step can't tell that from a name that PingOne doesn't know.
 */
function toldTo({ answeredIn, hasRead }: Deeds): string | undefined {
  if (answeredIn === undefined) return undefined;
  if (answeredIn.isKnown) return answeredIn.status;
  return hasRead ? "nothing" : undefined;
}

function missingIn(next: readonly StepName[], status: string): StepName | undefined {
  return stepNames.find((step) => !next.includes(step) && isTaken(step, status));
}

function isTaken(step: StepName, status: string): boolean {
  const action = actionOf(step);
  return action === undefined ? stepsIn(status).includes(step) : actionsIn(status).includes(action);
}
