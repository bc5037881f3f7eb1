import { randomBytes, randomInt } from "node:crypto";
import type { Account, LiveDevice } from "./accounts.ts";
import type { Flow } from "./flow.ts";
import type { Channel } from "./inbox.ts";
import type { Reason } from "./reason.ts";
import { endingBecause } from "./reason.ts";
import { isShown } from "./shown-codes.ts";
import type { World } from "./world.ts";

/** Digits of a one-time passcode. */
export const OTP_LENGTH = 6;
/** How long a one-time passcode is good, in milliseconds. It can outlast the flow. */
export const OTP_LIFE_MS = 30 * 60_000;
/** How long a push waits for its answer, in milliseconds. */
export const PUSH_LIFE_MS = 2 * 60_000;

/** Ends the flow as `FAILED`. */
export function fail(flow: Flow, reason: Reason): void {
  flow.status = "FAILED";
  flow.reason = reason;
  flow.pushSentAt = undefined;
  flow.account = reason.account ?? flow.account;
}

/** Ends the flow as `COMPLETED` and signs the session on; but for what the policy asks for before. */
export function complete(world: World, flow: Flow, account: Account): void {
  const { asks } = flow.request.policy;
  if (asks !== undefined && !flow.isAsked) {
    flow.account = account;
    flow.status = asks === "profile" ? "PROFILE_DATA_REQUIRED" : "AGREEMENT_CONSENT_REQUIRED";
    return;
  }
  const session = flow.session ?? world.sessions.open();
  const amr = flow.amr.length > 1 ? [...flow.amr, "mfa"] : flow.amr;
  const most = world.switches.sessionsOfPerson === "10" ? 10 : Number.POSITIVE_INFINITY;
  const signOn = { account, acr: flow.request.acr, amr, authTime: world.clock.now() };
  world.sessions.signOn(session, signOn, most);
  flow.session = session;
  flow.status = "COMPLETED";
}

/** What stands against a second factor of this person, if anything does. */
export function againstMfa(account: Account): Reason | undefined {
  if (account.devices.length === 0) {
    const message = "Multi-factor authentication is disabled for the user.";
    return { ...endingBecause("MFA_DISABLED", message), account };
  }
  if (account.devices.some((device) => device.usable)) return undefined;
  const unavailableDevices = account.devices.map(({ id }) => ({ id }));
  return {
    ...endingBecause("NO_USABLE_DEVICES", "The user has no usable device."),
    unavailableDevices,
    account,
  };
}

/** What stands against going on after the right password, if anything does. */
export function againstGoingOn({ request }: Flow, account: Account): Reason | undefined {
  return account.passwordState === "OK" && request.policy.mfa ? againstMfa(account) : undefined;
}

/** Goes on after the right password: to a device if the policy has that step, else to the end. */
export function afterPassword(world: World, flow: Flow, account: Account): void {
  flow.account = account;
  if (account.passwordState === "EXPIRED") flow.status = "PASSWORD_EXPIRED";
  else if (account.passwordState === "MUST_CHANGE") flow.status = "MUST_CHANGE_PASSWORD";
  else if (flow.request.policy.mfa) beginMfa(world, flow, account);
  else complete(world, flow, account);
}

/** Starts the second factor of a person who can have one: the only usable device at once, or a choice. */
export function beginMfa(world: World, flow: Flow, account: Account): void {
  flow.account = account;
  const [first, ...others] = account.devices.filter((device) => device.usable);
  const isChosen = others.length === 0 || account.person.usesFirst === true;
  if (first !== undefined && isChosen) selectDevice(world, flow, first);
  else flow.status = "DEVICE_SELECTION_REQUIRED";
}

/** Makes the device the flow's chosen one: sends a push, or a new code in place of the old one. */
export function selectDevice(world: World, flow: Flow, device: LiveDevice): void {
  flow.selected = device;
  flow.otp = undefined;
  flow.pushSentAt = undefined;
  flow.challenge = undefined;
  switch (device.type) {
    case "MOBILE":
      flow.status = device.isPushed === false ? "OTP_REQUIRED" : "PUSH_CONFIRMATION_REQUIRED";
      if (device.isPushed !== false) flow.pushSentAt = world.clock.now();
      return;
    case "TOTP":
      flow.status = "OTP_REQUIRED";
      return;
    case "FIDO2":
      flow.status = "ASSERTION_REQUIRED";
      flow.challenge = randomBytes(32);
      return;
    case "EMAIL":
    case "SMS":
    case "VOICE":
    case "WHATSAPP":
      flow.status = "OTP_REQUIRED";
      // A cooling device is still the selected one, but nothing is sent to it.
      if (device.lock.lockedUntil() === 0) sendCode(world, flow, device, device.type);
  }
}

function sendCode(world: World, flow: Flow, device: LiveDevice, channel: Channel): void {
  const at = world.clock.now();
  const code = String(randomInt(10 ** OTP_LENGTH)).padStart(OTP_LENGTH, "0");
  flow.otp = { code, expiresAt: at + OTP_LIFE_MS };
  const username = flow.account?.person.username ?? "";
  world.inbox.receive({ at, username, channel, to: device.to, deviceId: device.id, flowId: flow.id, code });
}

/** Whether a code is right: the one that was sent, or what the device shows by itself. */
export function isRightCode(world: World, { otp, selected }: Flow, code: string): boolean {
  const now = world.clock.now();
  if (selected !== undefined && showsCode(selected)) return isShown(code, selected.id, now);
  return otp !== undefined && now < otp.expiresAt && otp.code === code;
}

/** Whether a device shows its codes by itself, so that nothing is sent. */
export function showsCode({ type, isPushed }: LiveDevice): boolean {
  return type === "TOTP" || (type === "MOBILE" && isPushed === false);
}

/** A person's answer to a push, or its absence. */
export type PushAnswer = "approve" | "deny" | "timeout";

/** Plays the person's answer to a pending push. Gives whether one was pending. */
export function answerPush(world: World, flow: Flow, answer: PushAnswer): boolean {
  expirePush(world, flow);
  if (flow.pushSentAt === undefined || flow.account === undefined) return false;
  flow.pushSentAt = undefined;
  flow.reason = undefined;
  if (answer === "approve") {
    flow.amr.push("swk");
    complete(world, flow, flow.account);
  } else if (answer === "deny" && world.switches.pushDenial === "FAILED") {
    deny(world, flow);
  } else {
    flow.status = "PUSH_CONFIRMATION_TIMED_OUT";
  }
  return true;
}

/** Nobody asks at that moment: the flow ends now, or keeps the reason for whoever reads it. */
function deny(world: World, flow: Flow): void {
  const reason = endingBecause("PUSH_DENIED", "The user denied the push confirmation.");
  const { reasonsIn } = world.switches;
  if (reasonsIn === "by-reason" || reasonsIn === "failed-200") fail(flow, reason);
  else flow.reason = reason;
}

/** Lets a push run out by the clock. */
export function expirePush(world: World, flow: Flow): void {
  if (flow.pushSentAt === undefined || world.clock.now() - flow.pushSentAt < PUSH_LIFE_MS) return;
  flow.pushSentAt = undefined;
  flow.status = "PUSH_CONFIRMATION_TIMED_OUT";
}
