import type { Account } from "./accounts.ts";
import type { Reason } from "./reason.ts";
import { because } from "./reason.ts";

/** The one password policy of the environment, with the names and the limits of PingOne's management API. */
export const passwordPolicy = {
  length: { min: 8, max: 255 },
  minCharacters: {
    ABCDEFGHIJKLMNOPQRSTUVWXYZ: 1,
    abcdefghijklmnopqrstuvwxyz: 1,
    "0123456789": 1,
    "~!@#$%^&*()-_=+[]{}|;:,.<>/?": 1,
  },
  maxRepeatedCharacters: 2,
  minUniqueCharacters: 5,
  minComplexity: 7,
  alphabetSequenceRule: { maxLength: 3 },
  numberSequenceRule: { maxLength: 3 },
  qwertySequenceRule: { maxLength: 3 },
  shiftedNumberRowSequenceRule: { maxLength: 3 },
  history: { count: 6, retentionDays: 365 },
  notSimilarToCurrent: true,
  excludesProfileData: true,
  excludesCommonlyUsed: true,
  maxAgeDays: 182,
  minAgeDays: 1,
} as const;

const commonlyUsed: readonly string[] = ["Password1!", "Welcome-2026"];

/** Rows of neighbours that a password must not follow for long. */
const rows = {
  alphabetSequenceRule: "abcdefghijklmnopqrstuvwxyz",
  numberSequenceRule: "0123456789",
  qwertySequenceRule: "qwertyuiop",
  shiftedNumberRowSequenceRule: "!@#$%^&*()",
} as const;

/** Who chooses a password; a newcomer has had none yet. */
interface Chooser {
  readonly profile: readonly string[];
  readonly previous: readonly string[];
}

const rules: Readonly<Record<string, (password: string, chooser: Chooser) => boolean>> = {
  length: ({ length }) => length < passwordPolicy.length.min || length > passwordPolicy.length.max,
  minCharacters: (password) =>
    Object.entries(passwordPolicy.minCharacters).some(
      ([set, least]) => [...password].filter((one) => set.includes(one)).length < least,
    ),
  maxRepeatedCharacters: (password) => /(.)\1\1/.test(password),
  minUniqueCharacters: (password) => new Set(password).size < passwordPolicy.minUniqueCharacters,
  ...Object.fromEntries(
    Object.entries(rows).map(([rule, row]) => [rule, (password: string) => follows(password, row)]),
  ),
  history: (password, { previous }) => previous.slice(-passwordPolicy.history.count).includes(password),
  notSimilarToCurrent: (password, { previous }) => {
    const current = previous.at(-1)?.toLowerCase();
    return current !== undefined && current !== password.toLowerCase() && isSimilar(password, current);
  },
  excludesProfileData: (password, { profile }) =>
    profile.some((word) => password.toLowerCase().includes(word.toLowerCase())),
  excludesCommonlyUsed: (password) => commonlyUsed.includes(password),
};

function follows(password: string, row: string): boolean {
  const { maxLength } = passwordPolicy.alphabetSequenceRule;
  const lower = password.toLowerCase();
  return [row, [...row].toReversed().join("")].some((one) =>
    Array.from({ length: one.length - maxLength }, (_, at) => one.slice(at, at + maxLength + 1)).some((run) =>
      lower.includes(run),
    ),
  );
}

/** The same but for what stands at one end. */
function isSimilar(password: string, current: string): boolean {
  return password.toLowerCase().slice(0, -2) === current.slice(0, -2);
}

/** The rules that a new password breaks, in the order of the policy. */
function brokenRules(password: string, chooser: Chooser): string[] {
  return Object.entries(rules).flatMap(([name, isBroken]) => (isBroken(password, chooser) ? [name] : []));
}

/** What an account's owner must not choose again, or have in a password. */
export function chooserOf({ person, previousPasswords }: Account): Chooser {
  return { profile: [person.given, person.family], previous: previousPasswords };
}

/** Somebody whom PingOne doesn't know yet. */
export const newcomer: Chooser = { profile: [], previous: [] };

/** What stands against a new password, if anything does; `target` is its name in the body. */
export function againstPassword(password: string, chooser: Chooser, target: string): Reason | undefined {
  const unsatisfiedRequirements = brokenRules(password, chooser);
  if (unsatisfiedRequirements.length === 0) return undefined;
  const message = "The new password does not satisfy the password policy.";
  const sentences = Object.fromEntries(
    unsatisfiedRequirements.map((rule) => [rule, `The provided password breaks the rule ${rule}.`]),
  );
  const innerError = { unsatisfiedRequirements, ...sentences };
  return because({ code: "INVALID_VALUE", target, message, innerError });
}

/** Puts a new password in the place of the old one. */
export function takePassword(account: Account, password: string): void {
  account.password = password;
  account.passwordState = "OK";
  account.previousPasswords.push(password);
}
