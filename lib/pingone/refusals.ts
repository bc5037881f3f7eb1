import type { Refusal, UpstreamAnswer } from "../flow/provider.ts";
import { failureCodes } from "../flow/reasons.ts";
import { type StepName, steps } from "../flow/steps.ts";
import { type ErrorBody, isUnread, parseError, readError, reasonsOf } from "./error-body.ts";
import type { FlowBody } from "./flow-body.ts";
import { rejectionIn } from "./rejections.ts";
import type { HttpAnswer } from "./send.ts";
import { coolDownWait, rateLimitWait, serverTime, unlockWait } from "./times.ts";

/**
 * How OAuth and OpenID Connect say that a sign-on ended without a code (RFC 6749 §4.1.2.1, OIDC Core
 * §3.1.2.6).
 */
const oauthErrors: readonly (string | undefined)[] = [
  "access_denied",
  "account_selection_required",
  "consent_required",
  "interaction_required",
  "invalid_request",
  "invalid_scope",
  "login_required",
  "unauthorized_client",
  "unsupported_response_type",
];

/**
 * Our word for a 4xx to an action (docs/pingone.md §7.3): by HTTP status, then top-level code, then detail
 * code, never by message.
 *
 * @param now our time, epoch milliseconds, used where PingOne sent no `Date`
 */
export function stepRefusal(answered: HttpAnswer, step: StepName, now: number): UpstreamAnswer {
  const error = readError(answered);
  return (
    reasonIn(answered, error, step, now) ??
    missing(answered, error) ??
    unexplained(answered, error, step) ?? {
      // What is neither named nor proved unread may have cost an attempt, or the flow is not where we think
      // (INVALID_REQUEST): both are settled by reading the flow.
      kind: isUnread(answered, error) ? "refused" : "doubtful",
    }
  );
}

/**
 * The same for a read by which a step's outcome is asked for. What is not found there is the flow: a read
 * names nobody.
 */
export function readRefusal(answered: HttpAnswer, step: StepName, now: number): UpstreamAnswer {
  return missing(answered, readError(answered)) ?? stepRefusal(answered, step, now);
}

/**
 * Our word for a 4xx to authorize, which may be about the person hinted at; `now` as in {@link stepRefusal}.
 */
export function startRefusal(answered: HttpAnswer, now: number): UpstreamAnswer {
  const error = readError(answered);
  const ofName = reasonsOf(error).some(
    ({ code, target }) => target === "username" || target === "login_hint" || code === "ACCOUNT_NOT_USABLE",
  );
  return (
    locked(answered, error, now) ??
    throttled(answered, error, now) ??
    (ofName ? { kind: "rejected" } : undefined) ??
    failed(error) ?? { kind: "refused" }
  );
}

/**
 * Our word for the `error` of a flow in a 200 (docs/pingone.md §7.5), which means what it would mean in a
 * 4xx. A reason that nobody knows ends a flow that has failed, and else refuses the step: it is never
 * success.
 *
 * @param step the step that it is about; none for a start that names nobody
 * @returns nothing for a flow without an error that has not failed
 */
export function flowRefusal(
  answered: HttpAnswer,
  { flow, error }: FlowBody,
  step: StepName | undefined,
  now: number,
): Refusal | undefined {
  const hasFailed = flow.status === "FAILED";
  if (error === undefined) return hasFailed ? { kind: "failed", flow } : undefined;
  const told = parseError(error);
  const unknown: Refusal = { kind: hasFailed || step === undefined ? "failed" : "rejected" };
  return { ...(reasonIn(answered, told, step, now) ?? unknown), flow };
}

/** Of several reasons a lock counts before a limit, a limit before a rejection. */
function reasonIn(
  answered: HttpAnswer,
  error: ErrorBody,
  step: StepName | undefined,
  now: number,
): Refusal | undefined {
  return (
    locked(answered, error, now) ??
    throttled(answered, error, now) ??
    (step && rejectionIn(answered, error, step)) ??
    failed(error)
  );
}

/**
 * Our word for a 4xx to resume, which may carry an OAuth error (docs/pingone.md §6.2); `now` as in {@link
 * stepRefusal}.
 */
export function resumeRefusal(answered: HttpAnswer, now: number): UpstreamAnswer {
  const error = readError(answered);
  const told = [error.error, error.code, ...error.details.map((detail) => detail.code)];
  const ended = told.some((found) => oauthErrors.includes(found));
  return (
    throttled(answered, error, now) ??
    missing(answered, error) ?? {
      kind: ended ? "denied" : isUnread(answered, error) ? "refused" : "doubtful",
    }
  );
}

function locked(answered: HttpAnswer, error: ErrorBody, now: number): Refusal | undefined {
  const lockout = reasonsOf(error).find(({ code }) => code === "PASSWORD_LOCKED_OUT");
  if (lockout !== undefined) return lockedFor(unlockWait(lockout.innerError?.secondsUntilUnlock));
  const quota = reasonsOf(error).find(({ code }) => code === "QUOTA_EXCEEDED");
  const { coolDownExpiresAt, quotaResetTime } = quota?.innerError ?? {};
  const at = serverTime(answered.headers, now);
  const wait = coolDownWait(coolDownExpiresAt, at);
  // At 429 the quota may as well be everybody's.
  return quota !== undefined && (answered.status !== 429 || wait !== undefined)
    ? lockedFor(wait ?? coolDownWait(quotaResetTime, at))
    : undefined;
}

function lockedFor(retryAfter: number | undefined): Refusal {
  return retryAfter === undefined ? { kind: "locked" } : { kind: "locked", retryAfter };
}

/** What no step can do anything about. */
function failed(error: ErrorBody): Refusal | undefined {
  const failure = failureCodes.find((code) => reasonsOf(error).some((reason) => reason.code === code));
  return failure && { kind: "failed", failure };
}

/** A 404 of PingOne's own; one of a proxy's on the way says nothing of the flow. */
function missing(answered: HttpAnswer, error: ErrorBody): UpstreamAnswer | undefined {
  return answered.status === 404 && error.code === "NOT_FOUND" ? { kind: "gone" } : undefined;
}

/**
 * A reason that nobody knows, told to a poll: as in a flow that goes on, it refuses the step. A poll spends
 * nothing, so nothing is in doubt; a doubt would meet the same answer for ever.
 */
function unexplained({ status }: HttpAnswer, error: ErrorBody, step: StepName): Refusal | undefined {
  const isTold = status === 400 && error.code !== undefined && error.code !== "INVALID_REQUEST";
  return isTold && steps[step].call.kind === "read" ? { kind: "rejected" } : undefined;
}

/** 429, or the same said with another status, such as a 400 (docs/pingone.md §7.2). */
export function throttled(answered: HttpAnswer, error: ErrorBody, now: number): Refusal | undefined {
  const isLimit = reasonsOf(error).some(
    ({ code }) => code === "LIMIT_EXCEEDED" || code === "REQUEST_LIMITED",
  );
  if (answered.status !== 429 && !isLimit) return undefined;
  const told = reasonsOf(error).map(({ innerError = {} }) => innerError);
  const inBody = {
    retryAfter: told.find(({ retryAfter }) => retryAfter !== undefined)?.retryAfter,
    quotaResetTime: told.find(({ quotaResetTime }) => quotaResetTime !== undefined)?.quotaResetTime,
  };
  return { kind: "rate-limited", retryAfter: rateLimitWait(answered, inBody, now) };
}
