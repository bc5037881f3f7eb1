import { existsSync } from "node:fs";
import { type ClientStep, clientSteps } from "../../lib/flow/steps.ts";
import { eachByName } from "./by-name.ts";
import type { NamedSample, StepSample } from "./step-sample.ts";

/** The sample of every step that a client asks for: the file of its name in `test/steps/`. */
export const samples = await eachByName(clientSteps, readSample);

async function readSample(step: ClientStep): Promise<StepSample> {
  const path = `test/steps/${step}.ts`;
  const isThere = existsSync(new URL(`../steps/${step}.ts`, import.meta.url));
  if (!isThere) throw new Error(`The step "${step}" has no sample: ${path} is missing.`);
  const { sample }: { readonly sample?: NamedSample } = await import(`../steps/${step}.ts`);
  if (sample?.step !== step) throw new Error(`The step "${step}" has no sample: ${path} exports none of it.`);
  return sample;
}

/** Every step, in the order of a sign-on. */
export const stepsInOrder: readonly ClientStep[] = clientSteps.toSorted(
  (one, other) => samples[one].rank - samples[other].rank,
);

/**
 * Which of the steps that are offered somebody takes.
 *
 * @param aside whether they take one that leads no further, where one is offered
 */
export function stepToTake(offered: readonly string[], aside = false): ClientStep | undefined {
  const steps = stepsInOrder.filter((step) => offered.includes(step)).toReversed();
  const [byTheWay] = steps.filter((step) => samples[step].aside);
  const [onward] = steps.filter((step) => !samples[step].aside);
  return aside ? (byTheWay ?? onward) : (onward ?? byTheWay);
}

/** Whether one may choose between a step that leads on and one that does not. */
export function isAtChoice(offered: readonly string[]): boolean {
  return stepToTake(offered, true) !== stepToTake(offered, false);
}
