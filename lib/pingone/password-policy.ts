import * as z from "zod";
import type { PasswordPolicy } from "../flow/details.ts";

/** Longer than what PingOne's rules count: days of a history, seconds of a lock. */
const most = 1_000_000_000;
/** PingOne has four (docs/pingone.md §3.2). */
const maxCharacterSets = 4;
/** A set of characters, each of them once: no name of the language's own is one. */
const characterSet = /^(?!.*(.).*\1)[!-~]{1,64}$/;

const count = z.int().min(0).max(most).optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const sequence = z
  .object({ maxLength: z.int().min(0).max(most) })
  .optional()
  .catch(undefined);

const characters = z
  .record(z.string(), z.unknown())
  .transform((sets) =>
    Object.fromEntries(
      Object.entries(sets)
        .flatMap(([set, least]) => {
          const told = count.parse(least);
          return characterSet.test(set) && told !== undefined ? [[set, told] as const] : [];
        })
        .slice(0, maxCharacterSets),
    ),
  )
  .optional()
  .catch(undefined);

/**
 * What PingOne asks of a new password, rule by rule; a strange one is absent. At its longest it has about a
 * thousand bytes as JSON.
 */
export const passwordPolicySchema = z.object({
  length: z.object({ min: count, max: count }).optional().catch(undefined),
  minCharacters: characters,
  maxRepeatedCharacters: count,
  minUniqueCharacters: count,
  minComplexity: count,
  alphabetSequenceRule: sequence,
  numberSequenceRule: sequence,
  qwertySequenceRule: sequence,
  shiftedNumberRowSequenceRule: sequence,
  history: z.object({ count, retentionDays: count }).optional().catch(undefined),
  notSimilarToCurrent: flag,
  excludesProfileData: flag,
  excludesCommonlyUsed: flag,
  maxAgeDays: count,
  minAgeDays: count,
  lockout: z.object({ failureCount: count, durationSeconds: count }).optional().catch(undefined),
} satisfies Record<keyof PasswordPolicy, z.ZodType>);
