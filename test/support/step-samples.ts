import { existsSync } from "node:fs";
import { type ClientStep, clientSteps, type StepName, stepNames } from "../../lib/flow/steps.ts";
import { eachByName } from "./by-name.ts";
import type { NamedSample, StepSample } from "./step-sample.ts";

/** The sample of every step: the file of its name in `test/steps/`. */
export const samples = await eachByName(stepNames, readSample);

async function readSample(step: StepName): Promise<StepSample> {
  const path = `test/steps/${step}.ts`;
  const isThere = existsSync(new URL(`../steps/${step}.ts`, import.meta.url));
  if (!isThere) throw new Error(`The step "${step}" has no sample: ${path} is missing.`);
  const { sample }: { readonly sample?: NamedSample } = await import(`../steps/${step}.ts`);
  if (sample?.step !== step) throw new Error(`The step "${step}" has no sample: ${path} exports none of it.`);
  return sample;
}

/** The steps that a client asks for by name, those first that come late in a sign-on. */
const lastFirst = clientSteps.toSorted((one, other) => samples[other].rank - samples[one].rank);

/**
 * Which of the steps that are offered somebody takes.
 *
 * @param aside whether they take one that leads no further, where one is offered
 */
export function stepToTake(offered: readonly string[], aside = false): ClientStep | undefined {
  const steps = lastFirst.filter((step) => offered.includes(step));
  const [byTheWay] = steps.filter((step) => samples[step].aside);
  const [onward] = steps.filter((step) => !samples[step].aside);
  return aside ? (byTheWay ?? onward) : (onward ?? byTheWay);
}

/** Whether one may choose between a step that leads on and one that does not. */
export function isAtChoice(offered: readonly string[]): boolean {
  return stepToTake(offered, true) !== stepToTake(offered, false);
}
