import * as z from "zod/mini";
import type { FaultReason, RequestFault } from "../flow/problems.ts";
import { resembling } from "./resemblance.ts";

/** A parsed part of a request, or what was wrong with it: never what the sender wrote. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fields: readonly RequestFault[] };

/** What is said of members that a schema by itself doesn't know of. */
export interface Surroundings {
  /** What the whole is called. */
  readonly whole: string;
  /** The names that are taken beside those of the schema, by whoever calls. */
  readonly beside: readonly string[];
}

const ofBody: Surroundings = { whole: "body", beside: [] };

/** A part of a request that is wrong for one reason. */
export function fault(name: string, reason: FaultReason): ParseResult<never> & { readonly ok: false } {
  return { ok: false, fields: [{ name, reason }] };
}

/**
 * A value against its schema. A member that nobody knows goes by the name of the whole: its own
 * is the sender's text.
 */
export function parseWith<Schema extends z.ZodMiniType>(
  value: unknown,
  schema: Schema,
  surroundings: Surroundings = ofBody,
): ParseResult<z.output<Schema>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const known = [
    ...(schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : []),
    ...surroundings.beside,
  ];
  const found = result.error.issues.flatMap((issue) =>
    faultsOf(issue, value, { ...surroundings, known, schema }),
  );
  return { ok: false, fields: firstOfEach(found) };
}

function faultsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  { whole, known, schema }: Surroundings & { readonly known: readonly string[]; readonly schema: unknown },
): RequestFault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownMember(whole, resembling(key, known)));
  }
  const name = issue.path.length === 0 ? whole : namedBy(schema, issue.path).join(".");
  return [{ name, reason: reasonOf(issue, value) }];
}

function unknownMember(whole: string, didYouMean: string | undefined): RequestFault {
  return { name: whole, reason: "unknown", ...(didYouMean === undefined ? {} : { didYouMean }) };
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): FaultReason {
  if (issue.path.length > 0 && memberAt(value, issue.path) === undefined) return "missing";
  switch (issue.code) {
    case "too_big":
      return "too-long";
    case "invalid_value":
      return "unknown";
    default:
      return "malformed";
  }
}

/** The part of a path that the schema names: below a member that is no object of ours, the sender does. */
function namedBy(schema: unknown, [name, ...below]: readonly PropertyKey[]): readonly PropertyKey[] {
  if (name === undefined) return [];
  const member = schema instanceof z.ZodMiniObject ? schema.shape[String(name)] : undefined;
  return [name, ...(member instanceof z.ZodMiniObject ? namedBy(member, below) : [])];
}

function memberAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, name) => (typeof inside === "object" && inside !== null ? Reflect.get(inside, name) : undefined),
    value,
  );
}

/** One for each name, the first; of members that nobody knows, one for each that was meant. */
function firstOfEach(faults: readonly RequestFault[]): RequestFault[] {
  const byName = new Map<string, RequestFault>();
  for (const one of faults) {
    const key = `${one.name} ${one.reason === "unknown" ? (one.didYouMean ?? "") : ""}`;
    if (!byName.has(key)) byName.set(key, one);
  }
  return [...byName.values()];
}
