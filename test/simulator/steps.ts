import { randomInt } from "node:crypto";
import type { Account, LiveDevice } from "./accounts.ts";
import type { Flow, FlowError } from "./flow.ts";
import type { World } from "./world.ts";

/** Digits of a one-time passcode. */
export const OTP_LENGTH = 6;
/** How long a one-time passcode is good, in milliseconds. It can outlast the flow. */
export const OTP_LIFE_MS = 30 * 60_000;
/** How long a push waits for its answer, in milliseconds. */
export const PUSH_LIFE_MS = 2 * 60_000;

/** Ends the flow as `FAILED`. */
export function fail(flow: Flow, error: FlowError): void {
  flow.status = "FAILED";
  flow.error = error;
}

/** Ends the flow as `COMPLETED` and signs the session on. */
export function complete(world: World, flow: Flow, account: Account): void {
  const session = flow.session ?? world.sessions.open();
  const amr = flow.amr.length > 1 ? [...flow.amr, "mfa"] : flow.amr;
  session.signOn = { account, acr: flow.request.acr, amr, authTime: world.clock.now() };
  flow.session = session;
  flow.status = "COMPLETED";
}

/** Goes on after the right password: to a device if the policy has that step, else to the end. */
export function afterPassword(world: World, flow: Flow, account: Account): void {
  flow.account = account;
  if (account.passwordState === "EXPIRED") flow.status = "PASSWORD_EXPIRED";
  else if (account.passwordState === "MUST_CHANGE") flow.status = "MUST_CHANGE_PASSWORD";
  else if (flow.request.policy.mfa) beginMfa(world, flow, account);
  else complete(world, flow, account);
}

/** Starts the second factor: the only usable device at once, a choice among several, `FAILED` with none. */
export function beginMfa(world: World, flow: Flow, account: Account): void {
  flow.account = account;
  const usable = account.devices.filter((device) => device.usable);
  const [first] = usable;
  if (account.devices.length === 0) {
    fail(flow, { code: "MFA_DISABLED", message: "Multi-factor authentication is disabled for the user." });
  } else if (first === undefined) {
    const unavailableDevices = account.devices.map(({ id }) => ({ id }));
    fail(flow, { code: "NO_USABLE_DEVICES", message: "The user has no usable device.", unavailableDevices });
  } else if (usable.length > 1) {
    flow.status = "DEVICE_SELECTION_REQUIRED";
  } else {
    selectDevice(world, flow, first);
  }
}

/** Makes the device the flow's chosen one: sends a push, or a new code in place of the old one. */
export function selectDevice(world: World, flow: Flow, device: LiveDevice): void {
  flow.selected = device;
  flow.otp = undefined;
  if (device.type === "MOBILE") {
    flow.status = "PUSH_CONFIRMATION_REQUIRED";
    flow.pushSentAt = world.clock.now();
    return;
  }
  flow.status = "OTP_REQUIRED";
  // A cooling device is still the selected one, but nothing is sent to it.
  if (device.lock.lockedUntil() === 0) sendCode(world, flow, device, device.type);
}

function sendCode(world: World, flow: Flow, device: LiveDevice, channel: "EMAIL" | "SMS"): void {
  const at = world.clock.now();
  const code = String(randomInt(10 ** OTP_LENGTH)).padStart(OTP_LENGTH, "0");
  flow.otp = { code, expiresAt: at + OTP_LIFE_MS };
  const username = flow.account?.person.username ?? "";
  world.inbox.receive({ at, username, channel, to: device.to, deviceId: device.id, flowId: flow.id, code });
}

/** A person's answer to a push, or its absence. */
export type PushAnswer = "approve" | "deny" | "timeout";

/** Plays the person's answer to a pending push. Gives whether one was pending. */
export function answerPush(world: World, flow: Flow, answer: PushAnswer): boolean {
  expirePush(world, flow);
  if (flow.status !== "PUSH_CONFIRMATION_REQUIRED" || flow.account === undefined) return false;
  if (answer === "approve") {
    flow.amr.push("swk");
    complete(world, flow, flow.account);
  } else if (answer === "deny" && world.switches.pushDenial === "FAILED") {
    fail(flow, { code: "PUSH_DENIED", message: "The user denied the push confirmation." });
  } else {
    flow.status = "PUSH_CONFIRMATION_TIMED_OUT";
  }
  return true;
}

/** Lets a push run out by the clock. */
export function expirePush(world: World, flow: Flow): void {
  const over = world.clock.now() - flow.pushSentAt >= PUSH_LIFE_MS;
  if (flow.status === "PUSH_CONFIRMATION_REQUIRED" && over) flow.status = "PUSH_CONFIRMATION_TIMED_OUT";
}
