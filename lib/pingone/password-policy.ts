import * as z from "zod/mini";
import type { PasswordPolicy } from "../flow/details.ts";

/** Longer than what PingOne's rules count: days of a history, seconds of a lock. */
const most = 1_000_000_000;
/** PingOne has four (docs/pingone.md §3.2). */
const maxCharacterSets = 4;
/** A set of characters, each of them once: no name of the language's own is one. */
const characterSet = /^(?!.*(.).*\1)[!-~]{1,64}$/;

const count = z.catch(z.optional(z.int().check(z.minimum(0), z.maximum(most))), undefined);
const flag = z.catch(z.optional(z.boolean()), undefined);
const sequence = strange(z.object({ maxLength: z.int().check(z.minimum(0), z.maximum(most)) }));

const characters = strange(
  z.pipe(
    z.record(z.string(), z.unknown()),
    z.transform((sets: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(sets).flatMap(readSet).slice(0, maxCharacterSets)),
    ),
  ),
);

/** Absent where it is strange. */
function strange<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.catch(z.optional(schema), undefined);
}

function readSet([set, least]: readonly [string, unknown]): (readonly [string, number])[] {
  const told = count.parse(least);
  return characterSet.test(set) && told !== undefined ? [[set, told]] : [];
}

/**
 * What PingOne asks of a new password, rule by rule; a strange one is absent. At its longest it has about a
 * thousand bytes as JSON.
 */
export const passwordPolicySchema = z.object({
  length: strange(z.object({ min: count, max: count })),
  minCharacters: characters,
  maxRepeatedCharacters: count,
  minUniqueCharacters: count,
  minComplexity: count,
  alphabetSequenceRule: sequence,
  numberSequenceRule: sequence,
  qwertySequenceRule: sequence,
  shiftedNumberRowSequenceRule: sequence,
  history: strange(z.object({ count, retentionDays: count })),
  notSimilarToCurrent: flag,
  excludesProfileData: flag,
  excludesCommonlyUsed: flag,
  maxAgeDays: count,
  minAgeDays: count,
  lockout: strange(z.object({ failureCount: count, durationSeconds: count })),
} satisfies Record<keyof PasswordPolicy, z.ZodMiniType>);
