import {
  carriesSecret,
  clientSteps,
  isForWorkflows,
  isStep,
  largestBody,
  namesPerson,
  steps,
  usualBody,
} from "../flow/steps.ts";

/** The functions that are no step: each works on a whole flow, or on none. */
const wholeFlow = ["start", "status", "cancel", "refresh"] as const;

/** The name of such a function. */
export type WholeFlowOperation = (typeof wholeFlow)[number];

/**
 * The name of every function: the file under `functions/`, the log's word for it, and a
 * step's last URL segment.
 */
export const operationNames = [...wholeFlow, ...clientSteps] as const;

/** The name of a function. */
export type OperationName = (typeof operationNames)[number];

/** Whether a function's body has a secret in it. */
export function takesSecret(name: OperationName): boolean {
  return isStep(name) ? carriesSecret(name) : name === "refresh";
}

/** Whether a workflow may call a function: what some give must never be in a history. */
export function isOpenToWorkflows(name: OperationName): boolean {
  return isStep(name) ? isForWorkflows(name) : name !== "refresh";
}

/**
 * Whether a function counts every request, and so always hashes whom it is for. A start does so only where it
 * names somebody.
 */
export function alwaysHashes(name: OperationName): boolean {
  return isStep(name) ? namesPerson(name) || steps[name].sendsMessage : name === "refresh";
}

/** The largest body that a function reads: bytes. */
export function largestBodyOf(name: OperationName): number {
  const step = clientSteps.find((one) => one === name);
  return step === undefined ? usualBody : largestBody(step);
}
