import {
  actionOf,
  type ClientStep,
  clientSteps,
  type StepName,
  stepNames,
  steps,
} from "../../../lib/flow/steps.ts";
import { type Fault, faultTargets } from "../../simulator/faults.ts";
import { people } from "../../simulator/people.ts";
import type { ApiCall } from "./api.ts";
import { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** A person before a step. */
export interface Scene {
  readonly person: Person;
  readonly step: StepName;
  readonly username: string;
  /** What PingOne accepts. */
  readonly right: ApiCall["body"];
  /** What PingOne rejects; none where a step has nothing to get wrong. */
  readonly wrong: ApiCall["body"];
}

const { username: ann, password } = people.passwordOnly;
const { username: john } = people.emailOtp;
const { username: dora, devices } = people.twoDevices;
const { username: petra } = people.push;

/** Every step there is. */
export const everyStep: readonly StepName[] = stepNames;

/** What the stand-in calls a step. @throws an error for an action that it doesn't know */
export function targetOf(step: StepName): Fault["on"] {
  const wanted = actionOf(step) ?? steps[step].call.kind;
  const target = faultTargets.find((one) => one === wanted);
  if (target === undefined) throw new Error(`The stand-in for PingOne knows no ${wanted}.`);
  return target;
}

/** Brings a person to a step: whose sign-on it is, and what PingOne accepts and rejects there. */
type Approach = (person: Person, further: boolean) => Promise<Pick<Scene, "right" | "username" | "wrong">>;

const approaches: Readonly<Record<StepName, Approach>> = {
  lookup: async (person) => {
    await person.start("Passwordless");
    return { username: john, right: { username: john }, wrong: { username: "nobody@example.com" } };
  },
  password: async (person, further) => {
    await person.start(further ? "Multi_Factor" : "Single_Factor");
    const username = further ? john : ann;
    return { username, right: { username, password }, wrong: { username, password: "Not-The-One-7" } };
  },
  device: async (person) => {
    await person.start("Passwordless");
    await person.step("lookup", { username: dora });
    return { username: dora, right: { deviceId: devices[1].id }, wrong: undefined };
  },
  otp: async (person) => {
    await person.start("Passwordless");
    await person.step("lookup", { username: john });
    const otp = codeFor(person.stage, john);
    return { username: john, right: { otp }, wrong: { otp: otherThan(otp) } };
  },
  resume: async (person) => {
    await person.start("Single_Factor");
    await person.step("password", { username: ann, password });
    return { username: ann, right: undefined, wrong: undefined };
  },
  // The person has approved by the time that anybody asks.
  poll: async (person) => {
    await person.start("Multi_Factor");
    await person.step("password", { username: petra, password: people.push.password });
    await approve(person.stage);
    return { username: petra, right: undefined, wrong: undefined };
  },
};

/**
 * Brings a new flow to a step.
 *
 * @param further whether PingOne wants something more after a password
 */
export async function sceneAt(stage: Stage, step: StepName, further = false): Promise<Scene> {
  const person = new Person(stage);
  return { person, step, ...(await approaches[step](person, further)) };
}

async function approve({ simulator }: Stage): Promise<void> {
  const answered = await fetch(`${simulator.origin}/_simulator/push/${petra}`, {
    method: "POST",
    body: JSON.stringify({ answer: "approve" }),
  });
  if (!answered.ok) throw new Error("No push waits for an answer.");
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
  const step = clientSteps.toReversed().find((name) => next.includes(name) && isUseful(name, next));
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
