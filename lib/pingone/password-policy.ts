import * as z from "zod/mini";
import type { PasswordPolicy } from "../flow/details.ts";
import { ifFit } from "./if-fit.ts";

/** Longer than what PingOne's rules count: days of a history, seconds of a lock. */
const most = 1_000_000_000;
/** PingOne has four (docs/pingone.md §3.8). */
const maxCharacterSets = 4;
/** A set of characters, each of them once: no name of the language's own is one. */
const characterSet = /^(?!.*(.).*\1)[!-~]+$/;
const longestSet = 64;

const count = ifFit(z.int().check(z.minimum(0), z.maximum(most)));
const flag = ifFit(z.boolean());
const sequence = ifFit(z.object({ maxLength: z.int().check(z.minimum(0), z.maximum(most)) }));

const characters = ifFit(
  z.pipe(
    z.record(z.string(), z.unknown()),
    z.transform((sets: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(sets).flatMap(readSet).slice(0, maxCharacterSets).sort(byName)),
    ),
  ),
);

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}

function readSet([set, least]: readonly [string, unknown]): (readonly [string, number])[] {
  const told = count.parse(least);
  return set.length <= longestSet && characterSet.test(set) && told !== undefined ? [[set, told]] : [];
}

/**
 * What PingOne asks of a new password, rule by rule; a strange one is absent. At its longest it has about a
 * thousand bytes as JSON.
 */
export const passwordPolicySchema = z.object({
  length: ifFit(z.object({ min: count, max: count })),
  minCharacters: characters,
  maxRepeatedCharacters: count,
  minUniqueCharacters: count,
  minComplexity: count,
  alphabetSequenceRule: sequence,
  numberSequenceRule: sequence,
  qwertySequenceRule: sequence,
  shiftedNumberRowSequenceRule: sequence,
  history: ifFit(z.object({ count, retentionDays: count })),
  notSimilarToCurrent: flag,
  excludesProfileData: flag,
  excludesCommonlyUsed: flag,
  maxAgeDays: count,
  minAgeDays: count,
  lockout: ifFit(z.object({ failureCount: count, durationSeconds: count })),
} satisfies Record<keyof PasswordPolicy, z.ZodMiniType>);
