import { type ClientStep, clientSteps, type StepName, stepNames, steps } from "../../../lib/flow/steps.ts";
import type { Person as Seeded } from "../../simulator/people.ts";
import { samples, stepToTake } from "../../support/step-samples.ts";
import { rightAnswer, sceneBefore, walkTo } from "../../support/step-scenes.ts";
import type { ApiCall } from "./api.ts";
import { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** A person before a step. */
export interface Scene {
  readonly person: Person;
  readonly step: StepName;
  /** Whose sign-on it is. */
  readonly who: Seeded;
  /** What PingOne accepts. */
  readonly right: ApiCall["body"];
  /** What PingOne rejects; none where a step has nothing to get wrong. */
  readonly wrong: ApiCall["body"];
}

/** The steps whose answer is kept, so that whoever comes again finds it: what some proofs are about. */
export const keptSteps: readonly StepName[] = stepNames.filter((step) => !isGivenOnce(step));

/** Whether nothing of a step's answer is kept, so that its repetition is told that it is lost. */
export function isGivenOnce(step: StepName): boolean {
  return steps[step].call.kind === "exchange";
}

/** Whether a sign-on has its code by a step. */
export function endsSignOn(step: StepName): boolean {
  return steps[step].call.kind === "resume" || isGivenOnce(step);
}

/** What may be had once only: the steps that try a credential, and those that bring code and tokens. */
export const onceOnlySteps = stepNames.filter((step) => steps[step].triesCredential || endsSignOn(step));

/**
 * Brings a new flow to a step.
 *
 * @param further whether PingOne wants something more after the step, where that can be
 */
export async function sceneAt(stage: Stage, step: StepName, further = false): Promise<Scene> {
  const { simulator } = stage;
  const person = new Person(stage);
  const scene = sceneBefore(step, simulator, further);
  await walkTo(scene, person, simulator);
  const { who } = scene;
  const right = rightAnswer(step, who, person);
  return { person, step, who, right, wrong: samples[step].wrong?.(right, 0) };
}

/** What takes the person one step on from here; nothing when no step is offered. */
export function nextStep(
  { person, who }: Pick<Scene, "person" | "who">,
  next: readonly string[],
): { readonly step: ClientStep; readonly body: ApiCall["body"] } | undefined {
  // Whom PingOne doesn't know yet can do nothing else.
  const making = clientSteps.find((one) => next.includes(one) && samples[one].makesPerson === true);
  const isKnown = person.stage.simulator.knows(who.username);
  const step = making === undefined || isKnown ? stepToTake(next) : making;
  return step && { step, body: rightAnswer(step, who, person) };
}
