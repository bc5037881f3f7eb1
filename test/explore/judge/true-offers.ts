import type { Application } from "../../../lib/flow/application.ts";
import { resumed } from "../../../lib/flow/flow.ts";
import { isFor, type StepName, stepNames, steps } from "../../../lib/flow/steps.ts";
import { actionsIn, stepsIn } from "../pingone/statuses.ts";
import type { Upstream } from "../pingone/upstream.ts";
import { applicationIn } from "./application.ts";
import type { Check, RowSight } from "./check.ts";
import type { Deeds } from "./ledger.ts";

/** What is offered is taken, and what is taken is offered. */
export const trueOffers: Check = {
  name: "true offers",
  promise: "What next offers is exactly what PingOne takes, as far as its last answer told.",
  onRow: ({ deeds, purpose, before, after, settings }: RowSight) => {
    const isDecoy = after?.jar?.peek().standing === "decoy";
    if (purpose !== "commit" || before === after || after === undefined || isDecoy) return undefined;
    const told = toldTo(deeds);
    if (told === undefined) return undefined;
    const wrong = after.next.find((step) => told === "nothing" || !isTaken(step, told));
    if (wrong !== undefined) return `${wrong} is offered, and PingOne takes ${wordFor(told)}`;
    if (told === "nothing") return undefined;
    const application = applicationIn(after, settings);
    // A flow that we have ended offers nothing, wherever PingOne is.
    const isAt = after.status === told.status || (after.status === resumed && told.isSpent);
    const missing = application && isAt ? missingIn(after.next, told, application) : undefined;
    return missing && `${missing} is not offered, and PingOne takes it at ${wordFor(told)}`;
  },
};

/**
 * Where PingOne was when it last answered; `nothing` where it told a reader that it has no such
 * flow. Who takes a step can't tell that from a name that PingOne doesn't know.
 */
function toldTo({ answeredIn, asked }: Deeds): Upstream | "nothing" | undefined {
  if (answeredIn === undefined) return undefined;
  if (answeredIn.isKnown) return answeredIn;
  return asked?.kind === "read" ? "nothing" : undefined;
}

function missingIn(next: readonly StepName[], told: Upstream, application: Application) {
  return stepNames.find((step) => !next.includes(step) && isTaken(step, told) && isFor(step, application));
}

function isTaken(step: StepName, { status, isSpent, isRedeemed }: Upstream): boolean {
  const { call } = steps[step];
  switch (call.kind) {
    case "action":
      return !isSpent && actionsIn(status).includes(call.action);
    case "exchange":
      return isSpent && !isRedeemed;
    case "read":
    case "resume":
      return !isSpent && stepsIn(status).includes(step);
  }
}

function wordFor(told: Upstream | "nothing"): string {
  if (told === "nothing") return told;
  return told.isSpent ? "its code" : told.status;
}
