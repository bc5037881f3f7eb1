import type { Answer } from "./answers.ts";
import { invalidDataMessage, refusal } from "./answers.ts";
import type { Flow } from "./flow.ts";
import type { FlowError, Place, Reason } from "./reason.ts";
import { toDetails, toFlowError } from "./reason.ts";
import { fail } from "./steps.ts";
import type { World } from "./world.ts";

/** How an action ended: it was done; or there is a reason against it; or the request itself is no good. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "reason"; readonly reason: Reason }
  | { readonly kind: "malformed"; readonly answer: Answer };

/** What goes out: the flow, maybe with an error beside an open status, or an answer without a flow. */
export type Told =
  | { readonly shows: "flow"; readonly error?: FlowError }
  | { readonly shows: "answer"; readonly answer: Answer };

/** Where the switch `reasonsIn` wants a reason told. */
export function placeOf({ switches }: World, reason: Reason): Place {
  return switches.reasonsIn === "by-reason" ? reason.sampledIn : switches.reasonsIn;
}

/** Tells a reason in a place; with `failed-200` the flow ends here. */
export function tell(flow: Flow, reason: Reason, place: Place): Told {
  switch (place) {
    case "body-4xx":
      return { shows: "answer", answer: toBody(reason) };
    case "failed-200":
      fail(flow, reason);
      return { shows: "flow" };
    case "open-200":
      return { shows: "flow", error: toFlowError(reason) };
  }
}

/**
 * Tells how an action ended. Where the switch says `open-200`, the flow keeps its reason for later reads,
 * until an action is done.
 */
export function tellOutcome(world: World, flow: Flow, outcome: Outcome): Told {
  switch (outcome.kind) {
    case "done":
      flow.reason = undefined;
      return { shows: "flow" };
    case "malformed":
      return { shows: "answer", answer: outcome.answer };
    case "reason":
      flow.reason = world.switches.reasonsIn === "open-200" ? outcome.reason : undefined;
      return tell(flow, outcome.reason, placeOf(world, outcome.reason));
  }
}

/** What a read of the flow tells. A flow that has ended never looks open. */
export function tellState(world: World, flow: Flow): Told {
  const { reason } = flow;
  if (reason === undefined) return { shows: "flow" };
  const ended = flow.status === "FAILED" && world.switches.reasonsIn !== "body-4xx";
  return tell(flow, reason, ended ? "failed-200" : placeOf(world, reason));
}

/** The reason as an error body. */
export function toBody(reason: Reason): Answer {
  const { status = 400, code = "INVALID_DATA" } = reason;
  return refusal(status, code, invalidDataMessage, toDetails(reason));
}
