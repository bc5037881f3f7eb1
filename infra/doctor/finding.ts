/** One thing that is wrong. It is printed as one line. */
export interface Finding {
  /** A word for it that stays the same: the documentation lists them. */
  readonly kind: string;
  /** What is wrong: a sentence, without anything secret. */
  readonly what: string;
  /** Where to mend it. */
  readonly mend: string;
}

/** What a lane has found out. */
export interface Examination {
  /** What was looked at: one line. */
  readonly looked: string;
  readonly findings: readonly Finding[];
  /** What the calls can't see: a line each, for somebody to look at. */
  readonly toLookAt: readonly string[];
}

/** A finding as a line. */
export function lineOf({ kind, what, mend }: Finding): string {
  return `✗ ${kind}: ${what} → ${mend}`.replace(/\s+/g, " ");
}

/** Where a setting of an environment stands. */
export function settingAt({ name }: { readonly name: string }, setting: string): string {
  return `${setting} in infra/environments/${name}.ts`;
}
