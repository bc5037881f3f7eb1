import * as z from "zod/mini";
import { parseJson } from "./flow-body.ts";
import { ifFit } from "./if-fit.ts";
import type { HttpAnswer } from "./send.ts";

const maxDetails = 10;

const code = ifFit(z.string());

const innerError = ifFit(
  z.object({
    attemptsRemaining: ifFit(z.int().check(z.minimum(0), z.maximum(99))),
    secondsUntilUnlock: z.optional(z.unknown()),
    coolDownExpiresAt: z.optional(z.unknown()),
    retryAfter: z.optional(z.unknown()),
    quotaLimit: z.optional(z.unknown()),
    quotaResetTime: z.optional(z.unknown()),
    unsatisfiedRequirements: ifFit(z.array(z.unknown())),
  }),
);

const Details = z.array(z.unknown());

const detailSchema = z.object({ code, target: code, innerError });

/** PingOne's error body (docs/pingone.md §7.1); `error` is OAuth's shape (RFC 6749 §4.1.2.1). */
const errorSchema = z.object({
  code,
  error: code,
  innerError,
  // A body has room for a hundred thousand of them; what counts stands first.
  details: z.pipe(
    z.optional(z.unknown()),
    z.transform((details) =>
      (Details.safeParse(details).data ?? [])
        .slice(0, maxDetails)
        .map((detail) => detailSchema.safeParse(detail).data ?? {}),
    ),
  ),
});

/** One reason of an error. */
export type Detail = z.infer<typeof detailSchema>;
/** What PingOne says of an error. */
export type ErrorBody = z.infer<typeof errorSchema>;

/** Every reason of an error: its own code, and those of its details. */
export function reasonsOf({ code, innerError, details }: ErrorBody): readonly Detail[] {
  return [{ code, innerError }, ...details];
}

/** What PingOne's error body says; without a code where it is none of PingOne's. */
export function readError(answered: HttpAnswer): ErrorBody {
  return parseError(parseJson(answered.body));
}

/** The same for the `error` of a flow. */
export function parseError(value: unknown): ErrorBody {
  return errorSchema.safeParse(value).data ?? { code: undefined, error: undefined, details: [] };
}
