import type { PasswordRequirement } from "./details.ts";

/**
 * Why PingOne refuses: the codes that we understand, in PingOne's own words (docs/pingone.md §7.2,
 * §7.5). Each means the same wherever PingOne puts it: in a 4xx, in a flow that has failed, or in a
 * flow that goes on.
 */
export type Reason =
  | "ACCOUNT_NOT_USABLE"
  | "CONSTRAINT_VIOLATION"
  | "EMPTY_VALUE"
  | "INVALID_CREDENTIALS"
  | "INVALID_OTP"
  | "INVALID_VALUE"
  | "LIMIT_EXCEEDED"
  | "MFA_DISABLED"
  | "NOT_FOUND"
  | "NO_PASSWORD"
  | "NO_USABLE_DEVICES"
  | "PASSWORD_LOCKED_OUT"
  | "QUOTA_EXCEEDED"
  | "REQUEST_LIMITED"
  | "REQUIRED_VALUE"
  | "UNIQUENESS_VIOLATION";

/** The reasons that no step can do anything about, and that a client may be told. */
export const failureCodes = ["MFA_DISABLED", "NO_USABLE_DEVICES"] as const satisfies readonly Reason[];

/** One of {@link failureCodes}. */
export type FailureCode = (typeof failureCodes)[number];

/** What PingOne finds wrong with something that somebody has just chosen. It tells nothing of who exists. */
export type ChoiceFault =
  | { readonly kind: "new-password"; readonly unsatisfied: readonly PasswordRequirement[] }
  /** `member`: of the body. */
  | { readonly kind: "malformed"; readonly member: string };

/** What is told of a rejection beside that it is one: without a `fault` it is the name or the credential. */
export interface Rejected {
  readonly attemptsRemaining?: number | undefined;
  readonly fault?: ChoiceFault | undefined;
}
