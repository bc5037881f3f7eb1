import * as z from "zod/mini";
import { parseJson } from "./flow-body.ts";
import { ifFit } from "./if-fit.ts";
import type { HttpAnswer } from "./send.ts";

/** Reasons and lists in an error. A body has room for a hundred thousand; what counts stands first. */
const mostParts = 100;

const code = ifFit(z.string());

const innerErrorSchema = ifFit(
  z.object({
    code,
    attemptsRemaining: ifFit(z.int().check(z.minimum(0), z.maximum(99))),
    secondsUntilUnlock: z.optional(z.unknown()),
    coolDownExpiresAt: z.optional(z.unknown()),
    retryAfter: z.optional(z.unknown()),
    quotaLimit: z.optional(z.unknown()),
    quotaResetTime: z.optional(z.unknown()),
    unsatisfiedRequirements: ifFit(z.array(z.unknown())),
  }),
);

/** PingOne's error body (docs/pingone.md §7.1), or one reason in it. */
const errorSchema = z.object({
  code,
  target: code,
  innerError: innerErrorSchema,
  error: z.optional(z.unknown()),
  details: z.optional(z.unknown()),
});

/** One reason of an error. */
export type Detail = Pick<z.infer<typeof errorSchema>, "code" | "innerError" | "target">;

/** What PingOne says of an error. */
export interface ErrorBody extends Detail {
  /** OAuth's shape (RFC 6749 §4.1.2.1). */
  readonly error?: string | undefined;
  readonly details: readonly Detail[];
}

/** Every reason of an error: its own code, and those of its details. */
export function reasonsOf({ code, innerError, details }: ErrorBody): readonly Detail[] {
  return [{ code, innerError }, ...details];
}

/** What PingOne's error body says; without a code where it is none of PingOne's. */
export function readError(answered: HttpAnswer): ErrorBody {
  return parseError(parseJson(answered.body));
}

/**
 * The same for the `error` of a flow. Whatever an error is wrapped in, its reasons are read: a word or a list
 * in the place of an error, an error in the place of a word, a detail with details, an `innerError` with a
 * code of its own.
 */
export function parseError(value: unknown): ErrorBody {
  const body = errorSchema.safeParse(value).data;
  if (body === undefined) return { details: reasonsIn([value]) };
  const { code, target, innerError, error, details } = body;
  if (code === undefined && typeof error === "object" && error !== null && !Array.isArray(error)) {
    return { ...reasonIn(error), details: reasonsIn([...partsOf(error), details]) };
  }
  const word = typeof error === "string" ? error : undefined;
  // Beside a code a word is only the HTTP status once more.
  const beside = word !== undefined && code !== undefined ? undefined : error;
  return {
    ...{ code, target, innerError, error: word },
    details: reasonsIn([...coded(target, innerError), beside, details]),
  };
}

/** Turned away for its headers or its caller, before anybody looked at the body (docs/pingone.md §7.2). */
export function isUnread({ status }: HttpAnswer, { code }: ErrorBody): boolean {
  return status === 406 || status === 415 || ((status === 401 || status === 403) && code === "ACCESS_FAILED");
}

/** The reasons in values, those of the values themselves before those that lie deeper. */
function reasonsIn(values: readonly unknown[]): Detail[] {
  const found: Detail[] = [];
  const left: unknown[] = values.filter((value) => value !== undefined && value !== null);
  const most = left.length + mostParts;
  for (const value of left) {
    if (!Array.isArray(value)) found.push(reasonIn(value));
    left.push(...partsOf(value).slice(0, most - left.length));
  }
  return found;
}

function reasonIn(value: unknown): Detail {
  if (typeof value === "string") return { code: value };
  const { code, target, innerError } = errorSchema.safeParse(value).data ?? {};
  return { code, target, innerError };
}

function partsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const { target, innerError, error, details } = errorSchema.safeParse(value).data ?? {};
  return [...coded(target, innerError), error, details].filter((part) => part !== undefined && part !== null);
}

/** An inner error that has a code is a reason by itself, about what the outer one is about. */
function coded(target: string | undefined, innerError: Detail["innerError"]): object[] {
  return innerError?.code === undefined
    ? []
    : [{ code: innerError.code, target, innerError: { ...innerError, code: undefined } }];
}
