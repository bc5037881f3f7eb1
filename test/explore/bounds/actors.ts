import { chosenDevice } from "../../../lib/flow/decoy.ts";
import { clientSteps, type StepName } from "../../../lib/flow/steps.ts";
import { stepsIn } from "../pingone/statuses.ts";
import {
  cancelRequest,
  onceRequest,
  type RequestSpec,
  sealedWaiter,
  statusRequest,
  stepRequest,
  watchRequest,
} from "../requests.ts";
import type { Keys } from "./root.ts";
import type { Root } from "./root-state.ts";
import { offeredOn } from "./roots.ts";

/** Somebody who makes a request on a flow. */
export interface Acting {
  readonly name: string;
  /** @param place tells it from others that do the same */
  readonly request: (keys: Keys, place: number) => RequestSpec;
}

/** The holder of the newest token takes a step. */
export function taking(step: StepName): Acting {
  return { name: step, request: ({ current }) => stepRequest("holder", current, step) };
}

/** The same with something else in it, such as another passcode. */
export function takingOther(step: StepName): Acting {
  return {
    name: `${step}, other body`,
    request: ({ current }) => stepRequest("holder", current, step, "other"),
  };
}

/** The same with something in it that the flow itself tells against. */
export function takingUnfit(step: StepName): Acting {
  return {
    name: `${step}, unfit body`,
    request: ({ current }) => stepRequest("holder", current, step, "unfit"),
  };
}

/** The step that takes a device, with the one that an answer shows where it shows none of PingOne's. */
export function takingShown(step: StepName): Acting {
  return {
    name: `${step}, the device shown`,
    request: ({ current }) => stepRequest("holder", current, step, "one", chosenDevice),
  };
}

/** Reads the flow. */
export const reading: Acting = { name: "status", request: ({ current }) => statusRequest("holder", current) };

/** Ends the flow. */
export const cancelling: Acting = {
  name: "cancel",
  request: ({ current }) => cancelRequest("holder", current),
};

/** A workflow looks. */
export const looking: Acting = { name: "look", request: ({ current }) => watchRequest(current.flowId) };

/** A workflow looks and waits for the end. */
export function waiting(waiter: string): Acting {
  return {
    name: `look of ${waiter}`,
    request: ({ current }, place) => watchRequest(current.flowId, sealedWaiter(waiter, place + 1)),
  };
}

/** A client whose last answer was lost asks again. */
export const repeating: Acting = {
  name: "repetition",
  request: ({ previous, bought }) => stepRequest("repeater", previous, bought),
};

/** A client starts under its key, with a hint. */
export const startingOnce: Acting = { name: "start under a key", request: () => onceRequest() };

/** The same with an ID token. */
export const startingVouchedFor: Acting = {
  name: "start under a key, with an ID token",
  request: () => onceRequest("one", { idToken: "token-of-ada" }),
};

/** The same key with another body. */
export const startingOther: Acting = {
  name: "another start under the key",
  request: () => onceRequest("other"),
};

/** Somebody who has only the token before the newest. */
export const outdated: readonly Acting[] = [
  {
    name: "old token, step",
    request: ({ previous, bought }) => stepRequest("outdated", previous, bought, "other"),
  },
  { name: "old token, status", request: ({ previous }) => statusRequest("outdated", previous) },
  { name: "old token, cancel", request: ({ previous }) => cancelRequest("outdated", previous) },
];

/** Somebody who has no token, or one that is two answers old. */
export const strangers: readonly Acting[] = (["foreign", "older"] as const).flatMap((whose) => [
  {
    name: `${whose} token, step`,
    request: (keys: Keys) => stepRequest("stranger", keys[whose], keys.bought),
  },
  { name: `${whose} token, status`, request: (keys: Keys) => statusRequest("stranger", keys[whose]) },
  { name: `${whose} token, cancel`, request: (keys: Keys) => cancelRequest("stranger", keys[whose]) },
]);

/** A step that a status does not offer, if there is one. */
export function stepNotIn(status: string): StepName | undefined {
  const offered = stepsIn(status);
  return clientSteps.find((step) => !offered.includes(step));
}

/** The steps that a flow offers to clients. */
export function clientStepsOn(root: Root): readonly StepName[] {
  const offered = offeredOn(root);
  return clientSteps.filter((step) => offered.includes(step));
}
