import { existsSync } from "node:fs";
import { type ClientStep, clientSteps } from "../../lib/flow/steps.ts";
import { eachByName } from "./by-name.ts";
import type { NamedSample, SampleBody, SampleScene, StepSample } from "./step-sample.ts";

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

/** A flow before a step: one that goes on after it where `further` says so and there is one. */
export function sceneBefore(step: ClientStep, further = false): SampleScene {
  const { goesOn, completes } = samples[step].before;
  const scene = further ? (goesOn ?? completes) : (completes ?? goesOn);
  if (scene === undefined) throw new Error(`Nothing leads to the step "${step}".`);
  return scene;
}

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

/** Whoever takes the steps, by whatever client. */
export interface Walker {
  start(policy: SampleScene["policy"]): Promise<unknown>;
  step(step: ClientStep, body: SampleBody): Promise<unknown>;
  /** The code that was sent last. */
  code(username: string): string | undefined;
}

/** Starts a flow and takes it to where a scene is. */
export async function walkTo({ policy, who, way }: SampleScene, walker: Walker): Promise<void> {
  await walker.start(policy);
  for (const step of way) {
    await walker.step(step, samples[step].answer({ who, code: walker.code(who.username), pick: lastOf }));
  }
}

/** The last of the choices there are. */
export function lastOf<Choice>(choices: readonly Choice[]): Choice {
  const last = choices.at(-1);
  if (last === undefined) throw new Error("There is nothing to choose from.");
  return last;
}
