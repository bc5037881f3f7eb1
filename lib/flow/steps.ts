import { foldedId } from "./ids.ts";
import type { StepCommand as Command, MemberKind } from "./step-definition.ts";
import { assertion } from "./steps/assertion.ts";
import { consent } from "./steps/consent.ts";
import { device } from "./steps/device.ts";
import { lookup } from "./steps/lookup.ts";
import { otp } from "./steps/otp.ts";
import { password } from "./steps/password.ts";
import { passwordChange } from "./steps/password-change.ts";
import { passwordForgot } from "./steps/password-forgot.ts";
import { passwordRecover } from "./steps/password-recover.ts";
import { poll } from "./steps/poll.ts";
import { profile } from "./steps/profile.ts";
import { pushCancel } from "./steps/push-cancel.ts";
import { recoveryCode } from "./steps/recovery-code.ts";
import { register } from "./steps/register.ts";
import { reset } from "./steps/reset.ts";
import { resume } from "./steps/resume.ts";
import { token } from "./steps/token.ts";
import { verificationCode } from "./steps/verification-code.ts";
import { verify } from "./steps/verify.ts";

/** Every step there is, by its name. The order is the one in which `next` lists them. */
export const steps = {
  lookup,
  password,
  register,
  verify,
  "verification-code": verificationCode,
  "password-forgot": passwordForgot,
  "password-recover": passwordRecover,
  "recovery-code": recoveryCode,
  "password-change": passwordChange,
  otp,
  assertion,
  device,
  "push-cancel": pushCancel,
  profile,
  consent,
  reset,
  resume,
  token,
  poll,
} as const;

/**
 * The name of a step: the last segment of its URL and the name of its function; but for `poll`,
 * which is a GET.
 */
export type StepName = keyof typeof steps;

/** A step that a client asks for by name: it polls by reading. */
export type ClientStep = Exclude<StepName, "poll">;

/** A step together with what the client sent for it. */
export type StepCommand = Command<StepName>;

/** The names of all steps. */
export const stepNames: readonly StepName[] = Object.values(steps).map(({ name }) => name);

/** The steps that a client asks for by name. */
export const clientSteps: readonly ClientStep[] = requestable(stepNames);

/** The steps that a workflow may take. */
export const workflowSteps: readonly ClientStep[] = clientSteps.filter(isForWorkflows);

/** Whether a workflow may take a step: what some give must never be in a history. */
export function isForWorkflows(step: StepName): boolean {
  return steps[step].forWorkflows !== false;
}

/** Whether an application's flows may offer a step. */
export function isFor(step: StepName, application: { readonly clientAuthentication?: unknown }): boolean {
  const { needs } = steps[step];
  return needs === undefined || application[needs] !== undefined;
}

/** Whether a step's answer can be had once and never again: nothing tells what became of one that is lost. */
export function isLostWithAnswer(step: StepName): boolean {
  return steps[step].call.kind === "exchange";
}

/** Whether a name is a step's. */
export function isStep(name: string): name is StepName {
  return Object.hasOwn(steps, name);
}

/** Those of the steps that a client asks for by name. */
export function requestable(names: readonly StepName[]): ClientStep[] {
  return names.filter((name) => name !== "poll");
}

/** PingOne's name for a step, which is also the key of its link; none where PingOne is asked by a GET. */
export function actionOf(step: StepName): string | undefined {
  const { call } = steps[step];
  return call.kind === "action" ? call.action : undefined;
}

/** The members of a step's body that are of one of these kinds. */
function membersOfKind(step: StepName, ...kinds: readonly MemberKind[]): string[] {
  return Object.entries(steps[step].members).flatMap(([name, kind]) => (kinds.includes(kind) ? [name] : []));
}

/**
 * The members of a step's body that a workflow may take from a secret: who the person is, and what proves it.
 */
export function credentialMembers(step: StepName): string[] {
  return membersOfKind(step, "person", "secret");
}

/** Whether a step names the person. */
export function namesPerson(step: StepName): boolean {
  return membersOfKind(step, "person").length > 0;
}

/** Whether a step asks about a name alone: nothing in it proves who the person is. */
export function asksAboutName(step: StepName): boolean {
  return namesPerson(step) && !steps[step].triesCredential;
}

/**
 * Whether a step proves nobody, and leads to one that has to: what PingOne sends for it would be for nothing
 * if that could not be taken.
 */
export function leadsToProof(step: StepName): boolean {
  const { countsAttempt, triesCredential, afterProof } = steps[step];
  return countsAttempt && !triesCredential && afterProof !== true;
}

/** Whether a step names a device. */
export function takesDevice(step: StepName): boolean {
  return membersOfKind(step, "device").length > 0;
}

/** The members of a step's body that are secret, such as a password. */
export function secretMembers(step: StepName): string[] {
  return membersOfKind(step, "secret");
}

/** The largest body that is read where nothing else is said: bytes. */
export const usualBody = 8 * 1024;

/** The largest body that is read for a step: bytes. */
export function largestBody(step: StepName): number {
  return steps[step].largestBody ?? usualBody;
}

/** Whether a step's body has something in it that proves the person. */
export function carriesSecret(step: StepName): boolean {
  return membersOfKind(step, "secret", "signed").length > 0;
}

/**
 * The text whose keyed hash tells one request from another: method, step and the parsed body with its members
 * sorted, so that two spellings of the same JSON, or of the same id, are the same request.
 */
export function canonicalRequest({ step, body }: Pick<StepCommand, "body" | "step">): string {
  const ids = membersOfKind(step, "device");
  const members = Object.entries(body).map(
    ([name, value]) => [name, ids.includes(name) ? foldedId(String(value)) : value] as const,
  );
  return JSON.stringify(["POST", step, sorted(members)]);
}

/** The same for a start. @param body its members, and what else makes two starts two */
export function canonicalStart(body: object): string {
  return JSON.stringify(["POST", "start", sorted(Object.entries(body))]);
}

function sorted(members: readonly (readonly [string, unknown])[]) {
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
