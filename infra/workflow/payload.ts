import { FieldUtils } from "aws-cdk-lib/aws-stepfunctions";
import type { MemberKind } from "../../lib/flow/step-definition.ts";
import { type ClientStep, credentialMembers, isStep, steps } from "../../lib/flow/steps.ts";
import { StartBody } from "../../lib/operation/bodies/start.ts";
import { isOpenToWorkflows, type OperationName, operationNames } from "../../lib/operation/names.ts";
import { secretNameOf } from "../../lib/workflow/secret-names.ts";

const held = ["flowId", "sealedFlowToken"] as const;

const holders = ["flowTokenHash", "flowTokenPublicKey"] as const;

/** The members of a step's body that are of one of these kinds. */
type MembersOfKind<Step extends ClientStep, Kind extends MemberKind> = {
  [Member in keyof Kinds<Step>]: Kinds<Step>[Member] extends Kind ? Member : never;
}[keyof Kinds<Step>];

type Kinds<Step extends ClientStep> = (typeof steps)[Step]["members"];

/** By function, the names of what `membersOf` says. */
type Members = Record<"cancel" | "status", (typeof held)[number]> &
  Record<"refresh", never> &
  Record<"start", keyof typeof StartBody.shape | (typeof holders)[number]> & {
    [Step in ClientStep]:
      | (typeof held)[number]
      | MembersOfKind<Step, Exclude<MemberKind, "secret">>
      | (MembersOfKind<Step, "person" | "secret"> extends never ? never : "credentialSecret");
  };

/**
 * What a function is given, under the names that it takes: each a text or a number, or a path to one by
 * `JsonPath`.
 */
export type Payload<Name extends OperationName> = { readonly [Member in Members[Name]]?: number | string };

/**
 * Refuses a payload that would put a secret into a history.
 *
 * @param state the name of the state, for the error
 * @throws TypeError that names the state and the member: for a name that the function doesn't take, for what
 * is no text, and for a path to a secret, to the whole state or into the context
 */
export function checkPayload(state: string, target: OperationName, payload: Payload<OperationName>): void {
  for (const [member, value] of Object.entries<unknown>(payload)) {
    const fault = memberFault(membersOf(target), member) ?? valueFault(value);
    if (fault !== undefined) throw new TypeError(`State "${state}", ${member}: ${fault}.`);
  }
}

/** What a function takes: its body's members without the secrets, and what a workflow adds to them. */
function membersOf(target: OperationName): readonly string[] {
  if (target === "start") return [...Object.keys(StartBody.shape).filter(isOpen), ...holders];
  if (!isOpenToWorkflows(target)) return [];
  if (!isStep(target)) return held;
  const members = Object.entries(steps[target].members).filter(([, kind]) => kind !== "secret");
  const credential = credentialMembers(target).length > 0 ? ["credentialSecret"] : [];
  return [...held, ...members.map(([name]) => name), ...credential];
}

function isOpen(name: string): boolean {
  return secretNameOf(name) === undefined;
}

function memberFault(taken: readonly string[], member: string): string | undefined {
  if (taken.includes(member)) return undefined;
  return isOpen(member)
    ? `the function takes no such member; it takes ${taken.join(", ")}`
    : "a member of this name is a secret; name its secret in Secrets Manager as credentialSecret";
}

function valueFault(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") {
    return "it is no text and no number; give one, or JsonPath.stringAt";
  }
  const faults = FieldUtils.findReferencedPaths({ value }).map(pathFault);
  return faults.find((fault) => fault !== undefined);
}

function pathFault(path: string): string | undefined {
  if (!path.startsWith("$")) return `${path} can't be read; put it together in a state before`;
  if (path.startsWith("$$")) return `it passes ${path} of the context; give a text, or a path into the state`;
  const names = namesIn(path);
  if (names.length === 0) return "it passes the whole state; name what the member is filled from";
  // A step's output may be kept under the name of the step: `$.password.flowId` is no secret.
  const isHarmless = operationNames.flatMap(membersOf).includes(names.at(-1) ?? "");
  if (isHarmless || names.every(isOpen)) return undefined;
  return `it is filled from ${path}, which has the name of a secret; rename the path if it holds none`;
}

/** The names that a path goes through. Indexes, wildcards and filters have none. */
function namesIn(path: string): string[] {
  const parts = path.replaceAll(/\[\?[^\]]*\]/g, "").split(/[$.,[\]'"]/);
  return parts.filter((part) => /\p{L}/u.test(part));
}
