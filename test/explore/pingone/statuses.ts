import type { FlowDetails } from "../../../lib/flow/details.ts";
import { nextSteps } from "../../../lib/flow/flow.ts";
import { actionOf, type StepName, stepNames, steps } from "../../../lib/flow/steps.ts";
import { actions } from "../../simulator/actions.ts";

/** A status that nobody knows, as PingOne may have tomorrow. */
export const strangeStatus = "SOMETHING_NEW";

/** A word of PingOne's under which actions are offered that the simulator doesn't play. */
const spareWord = "ACCOUNT_CONFIRMATION_REQUIRED";

const playedActions: readonly string[] = actions.map(({ name }) => name);
const unplayed = stepNames
  .flatMap((name) => actionOf(name) ?? [])
  .filter((action) => !playedActions.includes(action));

/** The statuses that the simulator leads to, each with an action or without. */
export const playedStatuses: readonly string[] = [
  ...new Set([...actions.flatMap(({ offeredIn }) => offeredIn), "COMPLETED", "FAILED"]),
];

const words = new Set<string>([
  ...playedStatuses,
  ...stepNames.flatMap((name) => steps[name].offeredIn ?? []),
  ...(unplayed.length === 0 ? [] : [spareWord]),
]);

/** The actions that PingOne offers in each status: what the simulator plays, and what it doesn't yet. */
const links = new Map(
  [...words].map((word) => [
    word,
    [
      ...actions.filter(({ offeredIn }) => offeredIn.some((one) => one === word)).map(({ name }) => name),
      ...(word === spareWord ? unplayed : []),
    ] as readonly string[],
  ]),
);

/** Every status that the model of PingOne leads through. */
export const statuses: readonly string[] = [...links.keys()];

/** What PingOne offers in a status. */
export function actionsIn(status: string): readonly string[] {
  return links.get(status) ?? [];
}

/** The steps that a status offers. */
export function stepsIn(status: string): readonly StepName[] {
  return nextSteps(status, actionsIn(status));
}

/** The devices of the one person that there is. */
export const devices = [
  { id: "device-1", type: "EMAIL", hint: "ad****@example.com" },
  { id: "device-2", type: "MOBILE", hint: "Ada's phone" },
] as const;

const withDevices: readonly string[] = [
  "DEVICE_SELECTION_REQUIRED",
  "OTP_REQUIRED",
  "ASSERTION_REQUIRED",
  "PUSH_CONFIRMATION_REQUIRED",
  "PUSH_CONFIRMATION_TIMED_OUT",
];

/** What PingOne tells beside a status. */
export function detailsIn(status: string): FlowDetails {
  if (status === "PROFILE_DATA_REQUIRED") return { profile: { attributes: [{ name: "nickname" }] } };
  if (!withDevices.includes(status)) return {};
  if (status === "DEVICE_SELECTION_REQUIRED") return { devices };
  const selected = status === "OTP_REQUIRED" ? devices[0] : devices[1];
  return { devices, selectedDevice: selected.id, ...(status === "OTP_REQUIRED" ? { otpLength: 6 } : {}) };
}

/**
 * Where an action leads that PingOne takes (the first two ways are the ones that matter to other
 * requests), as the simulator's people and policies have it; to the end or to a passcode for an action
 * that the simulator doesn't play.
 */
export function successorsOf(status: string, action: string): readonly string[] {
  switch (action) {
    case "user.lookup":
      return ["PASSWORD_REQUIRED", "OTP_REQUIRED", "DEVICE_SELECTION_REQUIRED"];
    case "assertion.check":
    case "otp.check":
    case "user.consent":
    case "user.update":
    case "user.verify":
      return ["COMPLETED"];
    case "cancel.push.authentication":
      return ["DEVICE_SELECTION_REQUIRED"];
    case "password.forgot":
    case "password.sendRecoveryCode":
      return ["RECOVERY_CODE_REQUIRED"];
    case "user.register":
    case "user.sendVerificationCode":
      return ["VERIFICATION_CODE_REQUIRED"];
    case "session.reset":
      return [status === "PASSWORD_REQUIRED" ? "SIGN_ON_REQUIRED" : "USERNAME_PASSWORD_REQUIRED"];
    case "device.select":
      return status.startsWith("PUSH") ? ["PUSH_CONFIRMATION_REQUIRED"] : ["OTP_REQUIRED"];
    default:
      return status === "PASSWORD_REQUIRED" ? ["COMPLETED"] : ["COMPLETED", "OTP_REQUIRED"];
  }
}
