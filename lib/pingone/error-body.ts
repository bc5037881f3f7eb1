import * as z from "zod";
import { parseJson } from "./flow-body.ts";
import type { HttpAnswer } from "./send.ts";

const maxDetails = 10;

const code = z.string().optional().catch(undefined);

const innerError = z
  .object({
    attemptsRemaining: z.int().min(0).max(99).optional().catch(undefined),
    secondsUntilUnlock: z.unknown().optional(),
    coolDownExpiresAt: z.unknown().optional(),
    retryAfter: z.unknown().optional(),
    quotaLimit: z.unknown().optional(),
    quotaResetTime: z.unknown().optional(),
    unsatisfiedRequirements: z.array(z.unknown()).optional().catch(undefined),
  })
  .optional()
  .catch(undefined);

const detailSchema = z.object({ code, target: code.optional(), innerError: innerError.optional() });

/** PingOne's error body (docs/pingone.md §7.1); `error` is OAuth's shape (RFC 6749 §4.1.2.1). */
const errorSchema = z.object({
  code,
  error: code,
  innerError: innerError.optional(),
  // A body has room for a hundred thousand of them; what counts stands first.
  details: z
    .array(z.unknown())
    .catch([])
    .default([])
    .transform((details) =>
      details.slice(0, maxDetails).map((detail) => detailSchema.safeParse(detail).data ?? {}),
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
