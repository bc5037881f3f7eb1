import { actionOf, type ClientStep } from "../../../lib/flow/steps.ts";
import { type Fault, faultTargets } from "../../simulator/faults.ts";
import { people } from "../../simulator/people.ts";
import type { ApiCall } from "./api.ts";
import { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** A person before a step. */
export interface Scene {
  readonly person: Person;
  readonly step: ClientStep;
  readonly username: string;
  /** What PingOne accepts. */
  readonly right: ApiCall["body"];
  /** What PingOne rejects; none where a step has nothing to get wrong. */
  readonly wrong: ApiCall["body"];
}

const { username: ann, password } = people.passwordOnly;
const { username: john } = people.emailOtp;
const { username: dora, devices } = people.twoDevices;

/** Every step in the order of a sign-on. */
export const everyStep: readonly ClientStep[] = ["lookup", "password", "device", "otp", "resume"];

/** What the stand-in calls a step. @throws an error for an action that it doesn't know */
export function targetOf(step: ClientStep): Fault["on"] {
  const wanted = actionOf(step) ?? step;
  const target = faultTargets.find((one) => one === wanted);
  if (target === undefined) throw new Error(`The stand-in for PingOne knows no ${wanted}.`);
  return target;
}

/**
 * Brings a new flow to a step.
 *
 * @param further whether PingOne wants something more after a password
 */
export async function sceneAt(stage: Stage, step: ClientStep, further = false): Promise<Scene> {
  const person = new Person(stage);
  const scene = (username: string, right: ApiCall["body"], wrong: ApiCall["body"]) => ({
    ...{ person, step, username, right, wrong },
  });
  switch (step) {
    case "lookup":
      await person.start("Passwordless");
      return scene(john, { username: john }, { username: "nobody@example.com" });
    case "password": {
      await person.start(further ? "Multi_Factor" : "Single_Factor");
      const username = further ? john : ann;
      return scene(username, { username, password }, { username, password: "Not-The-One-7" });
    }
    case "device":
      await person.start("Passwordless");
      await person.step("lookup", { username: dora });
      return scene(dora, { deviceId: devices[1].id }, undefined);
    case "otp": {
      await person.start("Passwordless");
      await person.step("lookup", { username: john });
      const otp = codeFor(stage, john);
      return scene(john, { otp }, { otp: otherThan(otp) });
    }
    case "resume":
      await person.start("Single_Factor");
      await person.step("password", { username: ann, password });
      return scene(ann, undefined, undefined);
  }
}

/** What takes the person one step on from here; nothing when no step is offered. */
export function nextStep(
  { person: { stage }, username }: Scene,
  next: readonly string[],
): { readonly step: ClientStep; readonly body: ApiCall["body"] } | undefined {
  const bodies: Readonly<Record<ClientStep, ApiCall["body"]>> = {
    resume: undefined,
    otp: { otp: codeFor(stage, username) },
    password: { username, password },
    lookup: { username },
    device: { deviceId: devices[1].id },
  };
  const step = everyStep.toReversed().find((name) => next.includes(name) && isUseful(name, next));
  return step && { step, body: bodies[step] };
}

// Wherever a code is wanted another device could be chosen as well, for ever.
function isUseful(step: ClientStep, next: readonly string[]): boolean {
  return step !== "device" || !next.includes("otp");
}

function codeFor({ simulator }: Stage, username: string): string {
  return simulator.inbox.latest(username)?.code ?? "";
}

function otherThan(code: string): string {
  return code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
}
