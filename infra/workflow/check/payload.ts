import type { OperationName } from "../../../lib/operation/names.ts";
import type { Call } from "./calls.ts";
import { isSecret, leadsToSecret, membersOf } from "./members.ts";
import { type Path, pathOf, pathsIn } from "./paths.ts";
import { isFields } from "./states.ts";

/** What is wrong with a field of a state. */
export interface Fault {
  readonly field: string;
  readonly because: string;
}

const wholeState = "it passes the whole state; name the members";

const taskTokenRule = "only $$.Task.Token goes there, into status, from a state that waits for it";

/** Everything in a call's payload that may not go into a history. */
export function payloadFaults(call: Call): Fault[] {
  const { field, payload, payloadPath, state } = call;
  if (payloadPath !== undefined) return [{ field: `${field}.$`, because: ofWholePayload(payloadPath) }];
  if (payload === undefined)
    return [{ field, because: "it is missing, which passes the whole state; name the members" }];
  if (!isFields(payload)) return [{ field, because: "it is not written as an object, member by member" }];
  const prefix =
    typeof state.fields["InputPath"] === "string" ? pathOf(state.fields["InputPath"]) : undefined;
  return memberFaults(payload, field, { call, prefix });
}

function ofWholePayload(payloadPath: unknown): string {
  const path = typeof payloadPath === "string" ? pathsIn(payloadPath).at(0) : undefined;
  if (path?.root === "context") return contextFault(path);
  if (path?.names.length === 0) return wholeState;
  return "it is taken from a path, so that nobody can tell what is in it; name the members";
}

function contextFault({ text }: Path): string {
  return `it passes ${text} of the context; nothing goes from there but the task token, into status`;
}

interface Surroundings {
  readonly call: Call;
  /** Where the state's paths begin, if not at its input. */
  readonly prefix: Path | undefined;
}

function memberFaults(value: unknown, field: string, around: Surroundings): Fault[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => memberFaults(item, `${field}[${at}]`, around));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    faultsOfMember(key, member, `${field}.${key}`, { ...around, isTop: field === around.call.field }),
  );
}

function faultsOfMember(
  key: string,
  member: unknown,
  field: string,
  around: Surroundings & { readonly isTop: boolean },
): Fault[] {
  const name = key.replace(/\.\$$/, "");
  if (name === "taskToken") return taskTokenFaults(key, member, field, around);
  if (isSecret(name))
    return [
      {
        field,
        because: "a member of this name is a secret; name its secret in Secrets Manager as credentialSecret",
      },
    ];
  const { target } = around.call;
  const faults = key.endsWith(".$")
    ? faultsOfPath(member, field, around)
    : memberFaults(member, field, around);
  // Nor what a gateway's event has: the call would be a client's, whose reply carries secrets.
  const isStrange = around.isTop && !membersOf(target).includes(name);
  return faults.length === 0 && isStrange
    ? [{ field, because: `${target} takes no such member; it takes ${membersOf(target).join(", ")}` }]
    : faults;
}

function faultsOfPath(member: unknown, field: string, { prefix }: Surroundings): Fault[] {
  if (typeof member !== "string") return [{ field, because: "it is no path" }];
  return pathsIn(member).flatMap((path) => pathFaults(from(prefix, path), field));
}

function taskTokenFaults(
  key: string,
  member: unknown,
  field: string,
  { call, isTop }: Surroundings & { readonly isTop: boolean },
): Fault[] {
  const waiting: OperationName = "status";
  const isRight = key === "taskToken.$" && member === "$$.Task.Token" && isTop;
  return isRight && call.waits && call.target === waiting ? [] : [{ field, because: taskTokenRule }];
}

function from(prefix: Path | undefined, path: Path): Path {
  if (prefix === undefined || path.root === "context") return path;
  return { ...prefix, text: path.text, names: [...prefix.names, ...path.names] };
}

function pathFaults(path: Path, field: string): Fault[] {
  if (path.root === "context") return [{ field, because: contextFault(path) }];
  if (path.names.length === 0) return [{ field, because: wholeState }];
  if (!leadsToSecret(path.names)) return [];
  return [
    {
      field,
      because: `it is filled from ${path.text}, which has the name of a secret; rename the path if it holds none`,
    },
  ];
}
