import { type ClientStep, type StepName, steps } from "../../lib/flow/steps.ts";
import { isPerformed } from "../simulator/actions.ts";
import type { Fault } from "../simulator/faults.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { ApiReply, FlowClient } from "./flow-client.ts";
import type { SampleBody, SampleScene } from "./step-sample.ts";
import { samples } from "./step-samples.ts";

/** What the stand-in calls a step. @throws an error for an action that it doesn't know */
export function targetOf(step: StepName): Fault["on"] {
  const { call } = steps[step];
  if (call.kind === "exchange") return "token";
  if (call.kind !== "action") return call.kind;
  if (!isPerformed(call.action)) throw new Error(`The stand-in for PingOne performs no ${call.action}.`);
  return call.action;
}

/** Whoever takes the steps of a flow, by whatever client. */
export interface Walker {
  start(policy: SampleScene["policy"], application?: string): Promise<unknown>;
  /** What the flow's challenge was made of. */
  readonly verifier?: string;
  step(step: ClientStep, body: SampleBody): Promise<unknown>;
  /** What the person has at hand: see `Simulator.atHand`. */
  code(username: string): string | undefined;
}

/**
 * A flow before a step, with somebody of its own where one of the steps changes them.
 *
 * @param further whether PingOne is to want something more after the step, where there is such a flow
 */
export function sceneBefore(
  step: StepName,
  { enrol }: Pick<Simulator, "enrol">,
  further = false,
): SampleScene {
  const { goesOn, completes } = samples[step].before;
  const scene = further ? (goesOn ?? completes) : (completes ?? goesOn);
  if (scene === undefined) throw new Error(`Nothing leads to the step "${step}".`);
  const taken: readonly StepName[] = [...scene.way, step];
  const isChanged = taken.some((one) => samples[one].changesPerson);
  if (taken.some((one) => samples[one].makesPerson)) return { ...scene, who: newcomerLike(scene.who) };
  return isChanged ? { ...scene, who: enrol(scene.who) } : scene;
}

let newcomers = 0;

/** Somebody like another whom PingOne doesn't know yet. */
export function newcomerLike(who: SampleScene["who"]): SampleScene["who"] {
  newcomers += 1;
  return { ...who, username: `new.${process.pid}.${newcomers}.${who.username}` };
}

/** Whether the person has been proved before a step: something on the way there tries a credential. */
export function isProvedBefore(step: StepName): boolean {
  const { way } = sceneBefore(step, { enrol: (likeness) => likeness });
  return way.some((one) => steps[one].triesCredential);
}

/** Starts a flow and takes it to where a scene is. */
export async function walkTo(
  { policy, application, who, way, meanwhile }: SampleScene,
  walker: Walker,
  simulator: Simulator,
): Promise<void> {
  await walker.start(policy, application);
  for (const step of way) await walker.step(step, rightAnswer(step, who, walker));
  await meanwhile?.(simulator, who);
}

/** What somebody answers who makes no mistake; where they may choose, the last that there is. */
export function rightAnswer(
  step: StepName,
  who: SampleScene["who"],
  walker: Pick<Walker, "code" | "verifier">,
): SampleBody {
  const { verifier } = walker;
  return samples[step].answer({ who, code: walker.code(who.username), verifier, pick: lastOf });
}

/** A client of the API that can be walked. */
export function walkerBy(
  client: Pick<FlowClient, "start" | "step"> & Partial<Pick<FlowClient, "pkce">>,
  simulator: Pick<Simulator, "atHand">,
): Pick<Walker, "code" | "start" | "verifier"> & Pick<FlowClient, "step"> {
  return {
    start: (policy, application) =>
      client.start({ policy, ...(application === undefined ? {} : { application }) }),
    ...(client.pkce === undefined ? {} : { verifier: client.pkce.verifier }),
    step: (...request) => client.step(...request),
    code: (username: string) => simulator.atHand(username),
  };
}

/** Brings a client before a step, and gives what answers it rightly. */
export async function approach(
  step: ClientStep,
  client: Pick<FlowClient, "pkce" | "start" | "step">,
  simulator: Simulator,
): Promise<() => Promise<ApiReply>> {
  const walker = walkerBy(client, simulator);
  const scene = sceneBefore(step, simulator);
  await walkTo(scene, walker, simulator);
  return () => walker.step(step, rightAnswer(step, scene.who, walker));
}

function lastOf<Choice>(choices: readonly Choice[]): Choice {
  const last = choices.at(-1);
  if (last === undefined) throw new Error("There is nothing to choose from.");
  return last;
}
