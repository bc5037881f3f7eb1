import { DeviceBody } from "../../../lib/operation/bodies/device.ts";
import { LookupBody } from "../../../lib/operation/bodies/lookup.ts";
import { OtpBody } from "../../../lib/operation/bodies/otp.ts";
import { PasswordBody } from "../../../lib/operation/bodies/password.ts";
import { StartBody } from "../../../lib/operation/bodies/start.ts";
import type { OperationName } from "../../../lib/operation/names.ts";
import { secretNameOf } from "../../../lib/workflow/secret-names.ts";

const key = ["flowId", "sealedFlowToken"];

/**
 * What each function takes from a workflow, in the spelling it takes it in: the request's own members that are no
 * secret, and what only a workflow gives. `status` also takes a task token, which has a rule of its own.
 */
const members: Readonly<Record<OperationName, readonly string[]>> = {
  start: [...ownOf(StartBody), "flowTokenHash", "flowTokenPublicKey"],
  status: key,
  cancel: key,
  lookup: [...key, ...ownOf(LookupBody), "credentialSecret"],
  password: [...key, ...ownOf(PasswordBody), "credentialSecret"],
  otp: [...key, ...ownOf(OtpBody), "credentialSecret"],
  device: [...key, ...ownOf(DeviceBody)],
  resume: key,
};

const harmless: ReadonlySet<string> = new Set(Object.values(members).flat());

/** What a function takes. */
export function membersOf(target: OperationName): readonly string[] {
  return members[target];
}

/** Whether a member of this name would be a secret; case, hyphens and underscores make no difference. */
export function isSecret(name: string): boolean {
  return secretNameOf(name) !== undefined;
}

/**
 * Whether what a path leads to would be a secret: one of its names is a secret's. A step's output that is kept under
 * the name of the step (`$.password.flowId`) is none.
 *
 * @param names the path's names, from the root
 */
export function leadsToSecret(names: readonly string[]): boolean {
  return names.some(isSecret) && !harmless.has(names.at(-1) ?? "");
}

function ownOf({ shape }: { readonly shape: object }): string[] {
  return Object.keys(shape).filter((name) => !isSecret(name));
}
