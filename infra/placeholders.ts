import type { Environment } from "./environment.ts";

/** An account that AWS gives to nobody, and emulators to everybody. */
export const nobodysAccount = "000000000000";

/** What stands in an environment's file until somebody has put a value of theirs there. */
interface Placeholder {
  readonly pattern: RegExp;
  /** What belongs there. */
  readonly wanted: string;
}

/**
 * They are told by their form, so that a copy in an environment of your own is found as well. The hosts are
 * nobody's (RFC 2606 §3), and the account is the one of AWS's own examples.
 */
const placeholders: readonly Placeholder[] = [
  { pattern: /\/00000000-0000-4000-8000-\w{12}$/, wanted: "your own id" },
  { pattern: /^00000000-0000-4000-8000-\w{12}$/, wanted: "your own id" },
  { pattern: /(?:^|[/@.])example\.(?:com|net|org)(?:[:/]|$)/, wanted: "a name of your own" },
  { pattern: /^(?:com|net|org)\.example\b/, wanted: "a scheme of your own" },
  { pattern: /:123456789012:/, wanted: "an ARN in your own account" },
];

/**
 * The placeholders among the settings of an environment, one sentence each. An environment that can only
 * reach {@link nobodysAccount} may have them.
 */
export function placeholderFaults(environment: Environment): string[] {
  return environment.account === nobodysAccount ? [] : faultsIn(environment, []);
}

function faultsIn(value: unknown, path: readonly string[]): string[] {
  if (typeof value === "string") return faultsOf(value, path);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => faultsIn(member, [...path, key]));
}

function faultsOf(text: string, path: readonly string[]): string[] {
  const found = placeholders.find(({ pattern }) => pattern.test(text));
  return found === undefined ? [] : [`${path.join(".")}: This is a placeholder. Put ${found.wanted} there.`];
}
