import { retryable } from "../errors.ts";
import { type Call, callOf, functionIn } from "./calls.ts";
import { type Fault, payloadFaults } from "./payload.ts";
import { type FoundState, isFields, statesIn } from "./states.ts";

/**
 * Why a definition may not be deployed: one sentence for each reason, with the state and the field. It is refused if
 * it passes a secret, the whole state or the whole context into a sign-on function, if it calls one again after an
 * error that may have spent a credential, or if what it does can't be told.
 *
 * @param definition Amazon States Language, with `placeholderOf` in place of references to sign-on functions
 */
export function definitionFaults(definition: unknown): string[] {
  if (!isFields(definition)) {
    const isOurs = functionIn(JSON.stringify(definition ?? "")) !== undefined;
    return isOurs ? ["The definition can't be read, and it refers to a sign-on function."] : [];
  }
  return statesIn(definition).flatMap((state) => stateFaults(state));
}

function stateFaults(state: FoundState): string[] {
  const call = callOf(state);
  if (call === undefined) return [];
  if ("because" in call) return [sentence(state, call)];
  return [
    ...payloadFaults(call).map((fault) => sentence(state, fault)),
    ...[...state.within, state].flatMap((retried) => retryFaults(retried, call)),
  ];
}

/** What encloses a call repeats it as well. */
function retryFaults(state: FoundState, { target }: Call): string[] {
  const { Retry } = state.fields;
  const retriers: unknown[] = Array.isArray(Retry) ? Retry : [];
  return retriers.flatMap((retrier, at) => {
    const errors: unknown = isFields(retrier) ? retrier["ErrorEquals"] : undefined;
    const wrong = (Array.isArray(errors) ? errors : [errors]).filter(
      (error) => !retryable.some((one) => one === error),
    );
    if (wrong.length === 0) return [];
    const because = `${target} is not to be called again after ${wrong.join(", ")}; only after ${retryable.join(" and ")} is nothing spent: set retryOnServiceExceptions to false, or use SignOnTask`;
    return [sentence(state, { field: `Retry[${at}].ErrorEquals`, because })];
  });
}

function sentence({ name }: FoundState, { field, because }: Fault): string {
  return `State "${name}", ${field}: ${because}.`;
}
