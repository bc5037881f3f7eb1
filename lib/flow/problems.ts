import type { PasswordRequirement } from "./details.ts";
import type { FailureCode } from "./reasons.ts";

/**
 * Every way a request can fail, as a closed union. The members beside `error` are what only that problem
 * tells. Times in `retryAfter` are whole seconds.
 */
export type FlowProblem = { readonly attemptCounted?: boolean | null | undefined } & (
  | { readonly error: "request-invalid"; readonly fields: readonly RequestFault[] }
  | { readonly error: "credentials-rejected" }
  | { readonly error: "refresh-rejected" }
  | { readonly error: "otp-rejected"; readonly attemptsRemaining?: number | undefined }
  | { readonly error: "name-taken" }
  | { readonly error: "password-refused"; readonly unsatisfied: readonly PasswordRequirement[] }
  | { readonly error: "assertion-rejected" }
  | { readonly error: "push-denied" }
  | { readonly error: "profile-rejected" }
  | { readonly error: "consent-refused" }
  | { readonly error: "locked-out"; readonly retryAfter?: number | undefined }
  | { readonly error: "flow-not-found" }
  | { readonly error: "token-superseded" }
  | { readonly error: "idempotency-key-reused" }
  | { readonly error: "flow-expired" }
  | { readonly error: "flow-failed"; readonly failure?: FailureCode | undefined }
  | { readonly error: "wrong-step"; readonly next: readonly string[] }
  | { readonly error: "step-in-progress"; readonly retryAfter: number }
  | { readonly error: "attempts-exhausted" }
  | { readonly error: "rate-limited"; readonly retryAfter: number }
  | { readonly error: "unsupported-step" }
  | { readonly error: "outcome-unknown"; readonly retryAfter?: number | undefined }
  | { readonly error: "upstream-unavailable"; readonly retryAfter?: number | undefined }
  | { readonly error: "restart-required" }
);

/** Why a part of a request is wrong. */
export type FaultReason = "malformed" | "missing" | "not-json" | "too-long" | "unknown";

/** A part of a request that is wrong. Nothing that the sender wrote is in it. */
export interface RequestFault {
  /**
   * A member of the body, a header or `flowId`; `body` where the whole is wrong or a member is none of ours.
   */
  readonly name: string;
  readonly reason: FaultReason;
  /** The member that a name which is none of ours resembles. */
  readonly didYouMean?: string | undefined;
}

/** The name of a problem. In PascalCase it is the error name that Step Functions sees. */
export type ProblemName = FlowProblem["error"];

/** What a problem says about itself wherever it appears. */
export interface ProblemDefinition {
  /**
   * The HTTP status. None is used whose meaning an HTTP library acts on: it would drop the body of a 401 and
   * send again what was answered 408 or 421. Libraries hand 422, 423, 429 and 501 on as they come. A 503 is
   * sent again by some where `Retry-After` is 0, which no problem says.
   */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Where the reply has the flow, the flow says it: PingOne may end one for any reason. */
  readonly flowEnded: boolean;
  /** Whether the same request may be sent again; with `Retry-After`, not before. */
  readonly retryable: boolean;
  /**
   * Whether PingOne, or we, counted an attempt for the request; `null` where that can't be known. It is what
   * the problem mostly means: what the row has counted decides.
   */
  readonly attemptCounted: boolean | null;
}

/** The table of problems: one row for each member of the union. */
export const problems = {
  "request-invalid": {
    status: 400,
    title: "The request is not valid",
    detail: "What is wrong, and why, stands in fields.",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
  },
  "credentials-rejected": {
    status: 422,
    title: "The credentials were rejected",
    detail:
      "The user name, or the password for it, was not accepted. Unless the flow has ended, try again in it.",
    flowEnded: false,
    retryable: false,
    attemptCounted: true,
  },
  "otp-rejected": {
    status: 422,
    title: "The one-time code was rejected",
    detail: "The code is wrong or too old. Unless the flow has ended, try again in it.",
    flowEnded: false,
    retryable: false,
    attemptCounted: true,
  },
  "name-taken": {
    status: 422,
    title: "The name is taken",
    detail: "Somebody has this user name or mail address already. Sign on, or choose another.",
    flowEnded: false,
    retryable: false,
    attemptCounted: true,
  },
  "refresh-rejected": {
    status: 422,
    title: "The refresh token was rejected",
    detail: "It is too old, has been used, or is not this application's. Sign the person on again.",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
  },
  "password-refused": {
    status: 422,
    title: "The new password was refused",
    detail: "It breaks the rules that unsatisfied lists. Unless the flow has ended, choose another.",
    flowEnded: false,
    retryable: false,
    attemptCounted: true,
  },
  "assertion-rejected": {
    status: 422,
    title: "The passkey was rejected",
    detail: "PingOne did not accept what the passkey signed. Unless the flow has ended, try again in it.",
    flowEnded: false,
    retryable: false,
    attemptCounted: true,
  },
  "push-denied": {
    status: 422,
    title: "The push was denied",
    detail: "The person refused on their device. Unless the flow has ended, choose a device again.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
  "profile-rejected": {
    status: 422,
    title: "The attributes were rejected",
    detail:
      "PingOne did not accept an attribute, or wants another one. Unless the flow has ended, try again.",
    flowEnded: false,
    retryable: false,
    attemptCounted: true,
  },
  "consent-refused": {
    status: 422,
    title: "The agreement was refused",
    detail: "PingOne signs nobody on who refuses it. Where the flow has not ended, it can still be accepted.",
    flowEnded: true,
    retryable: false,
    attemptCounted: true,
  },
  "locked-out": {
    status: 423,
    title: "The account or device is locked",
    detail: "Try again after the time in Retry-After; without one, somebody has to help.",
    flowEnded: false,
    retryable: true,
    attemptCounted: true,
  },
  "flow-not-found": {
    status: 404,
    title: "There is no such flow",
    detail: "The flow does not exist, is over, or the flow token is not its own. Start a new flow.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
  "token-superseded": {
    status: 409,
    title: "The flow token has been used",
    detail:
      "Send the newest flowToken. If its reply was missed, repeat exactly the request that used this one.",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The key has been used for another request",
    detail:
      "Another start needs another Idempotency-Key. If a reply was missed, repeat exactly the first request.",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
  },
  "flow-expired": {
    status: 410,
    title: "The flow has expired",
    detail: "Too much time has passed since the last step. Start a new flow.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
  "flow-failed": {
    status: 409,
    title: "The sign-on has failed",
    detail: "PingOne signs nobody on by this flow. Where failure is given, it says why.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
  "wrong-step": {
    status: 409,
    title: "The flow does not offer this step",
    detail: "Take one of the steps that next lists.",
    flowEnded: false,
    retryable: false,
    attemptCounted: false,
  },
  "step-in-progress": {
    status: 409,
    title: "Another request is in progress",
    detail: "A step of this flow is being taken. Wait for its reply.",
    flowEnded: false,
    retryable: true,
    attemptCounted: false,
  },
  "attempts-exhausted": {
    status: 429,
    title: "The flow has no attempts left",
    detail: "This flow has used up its attempts. Start a new flow.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    detail: "The call was not taken up. Send the same request again after the time in Retry-After.",
    flowEnded: false,
    retryable: true,
    attemptCounted: false,
  },
  "unsupported-step": {
    status: 501,
    title: "The sign-on can't be led from here",
    detail: "PingOne asks for something that this API does not speak. Sign the person on in a browser.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
  "outcome-unknown": {
    status: 503,
    title: "The outcome is not known",
    detail:
      "PingOne may have acted. Do not send it again: GET the flow, if any, after the time in Retry-After if given.",
    flowEnded: false,
    retryable: false,
    attemptCounted: null,
  },
  "upstream-unavailable": {
    status: 503,
    title: "The call was not taken up",
    detail: "PingOne or our store did not answer, or turned it away unread. Send the same request again.",
    flowEnded: false,
    retryable: true,
    attemptCounted: false,
  },
  "restart-required": {
    status: 409,
    title: "The flow can't go on",
    detail: "What PingOne gave for this flow is lost. Start a new flow.",
    flowEnded: true,
    retryable: false,
    attemptCounted: false,
  },
} as const satisfies Record<ProblemName, ProblemDefinition>;
