import type { NativeAttributeValue } from "@aws-sdk/util-dynamodb";
import { readableVersions } from "./item.ts";

/** One condition or assignment: `#name` stands for the attribute of that name, `:name` for a value. */
export interface Clause {
  readonly text: string;
  readonly values: Readonly<Record<string, NativeAttributeValue>>;
}

/** The attributes and values that an expression names, as a request carries them. */
export interface Bindings {
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, NativeAttributeValue>;
}

/** The row is there, is of this environment, and this is its token. */
export function tokenIs(tokenHash: Uint8Array, environment: string): Clause {
  const { text, values } = isIn(environment);
  return { text: `#tokenHash = :shownHash AND ${text}`, values: { ":shownHash": tokenHash, ...values } };
}

/** The row is there, and is of this environment. */
export function isIn(environment: string): Clause {
  return { text: "#env = :environment", values: { ":environment": environment } };
}

/** The row is in a format this release reads. */
export function versionIsReadable(): Clause {
  const values = Object.fromEntries(readableVersions.map((version, index) => [`:format${index}`, version]));
  return { text: `#v IN (${Object.keys(values).join(", ")})`, values };
}

/**
 * The flow is alive at `now`: epoch milliseconds. DynamoDB deletes by `ttl` late, so that alone proves
 * nothing.
 */
export function notExpired(now: number): Clause {
  return { text: "#deadline > :now", values: { ":now": now } };
}

/** Nobody has a claim, not even one that has run out: it may be a doubt. */
export function unclaimed(): Clause {
  return { text: "attribute_not_exists(#claim)", values: {} };
}

/** The flow is over by `now`: epoch milliseconds. */
export function expired(now: number): Clause {
  return { text: "#deadline <= :now", values: { ":now": now } };
}

/** One of two. */
export function either(one: Clause, other: Clause): Clause {
  return { text: `(${one.text} OR ${other.text})`, values: { ...one.values, ...other.values } };
}

/**
 * Nobody is at work: a doubtful claim and one whose lease ended by `now` (epoch milliseconds) don't count.
 */
export function idle(now: number): Clause {
  return {
    text: "(attribute_not_exists(#claim) OR #claim.#doubtful = :true OR #claim.#until <= :now)",
    values: { ":true": true, ":now": now },
  };
}

/** The flow offers the step. */
export function offers(step: string): Clause {
  return { text: "contains(#next, :step)", values: { ":step": step } };
}

/** Nobody waits for the flow, or exactly this one. */
export function waitsFor(waiter: Uint8Array | undefined): Clause {
  return waiter === undefined
    ? { text: "attribute_not_exists(#waiter)", values: {} }
    : { text: "#waiter = :waiter", values: { ":waiter": waiter } };
}

/** The flow has none of these statuses. */
export function isNoneOf(statuses: readonly string[]): Clause {
  const values = Object.fromEntries(statuses.map((status, index) => [`:status${index}`, status]));
  return { text: `NOT #status IN (${Object.keys(values).join(", ")})`, values };
}

/** The claim is ours. */
export function claimIs(id: string): Clause {
  return { text: "#claim.#id = :claimId", values: { ":claimId": id } };
}

/** There is no row yet. */
export function absent(): Clause {
  return { text: "attribute_not_exists(#pk)", values: {} };
}

/** Takes a claim over, with its step and its digest: nobody has said yet how it ended. */
export function holdAnew(id: string, until: number): Clause[] {
  return [
    { text: "#claim.#id = :newClaimId", values: { ":newClaimId": id } },
    { text: "#claim.#until = :newUntil", values: { ":newUntil": until } },
    { text: "#claim.#doubtful = :false", values: { ":false": false } },
  ];
}

/** A doubtful resume may be asked again, or a push be polled: epoch milliseconds. */
export function isDue(time: "pollAt" | "resumeAt", now: number): Clause {
  return { text: `(attribute_not_exists(#${time}) OR #${time} <= :now)`, values: { ":now": now } };
}

/** Counts that a resume is asked again. */
export function countResume(): Clause {
  return {
    text: "#resumeTries = if_not_exists(#resumeTries, :zero) + :one",
    values: { ":zero": 0, ":one": 1 },
  };
}

/** Gives attributes new values. */
export function assign(attributes: Readonly<Record<string, NativeAttributeValue>>): Clause[] {
  return Object.entries(attributes).map(([name, value]) => ({
    text: `#${name} = :new_${name}`,
    values: { [`:new_${name}`]: value },
  }));
}

/** Marks the claim doubtful. */
export function markClaim(): Clause {
  return { text: "#claim.#doubtful = :true", values: { ":true": true } };
}

/** Joins conditions: all of them have to hold. */
export function every(conditions: readonly Clause[]): string {
  return conditions.map(({ text }) => text).join(" AND ");
}

/** An update expression, from assignments and the names of attributes to remove. */
export function updateOf(assignments: readonly Clause[], removals: readonly string[]): string {
  const set = assignments.length > 0 ? [`SET ${assignments.map(({ text }) => text).join(", ")}`] : [];
  const remove = removals.length > 0 ? [`REMOVE ${removals.map((name) => `#${name}`).join(", ")}`] : [];
  return [...set, ...remove].join(" ");
}

/**
 * What an expression's clauses and removals have to bring along: DynamoDB refuses a name or value too many.
 */
export function bindingsOf(clauses: readonly Clause[], removals: readonly string[] = []): Bindings {
  const named = clauses.flatMap(({ text }) => [...text.matchAll(/#(\w+)/g)].map(([, name = ""]) => name));
  const values = Object.assign({}, ...clauses.map((clause) => clause.values));
  return {
    ExpressionAttributeNames: Object.fromEntries([...named, ...removals].map((name) => [`#${name}`, name])),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}
