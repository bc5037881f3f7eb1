import type { Problem } from "../../../lib/client/sign-on.ts";

/** A problem for people. What nobody foresaw is told by its name. */
export function wordsFor({
  error,
  attemptsRemaining,
  retryAfter,
  failure,
  fields,
  unsatisfied,
}: Problem): string {
  const left = attemptsRemaining === undefined ? "" : ` ${attemptsRemaining} left.`;
  const wait = retryAfter === undefined ? "" : ` Come back in ${duration(retryAfter)}.`;
  if (failure !== undefined) return failures[failure] ?? `The sign-on has failed: ${failure}.`;
  if (error === "request-invalid") return `Please check: ${list(fields?.map(({ name }) => name))}.`;
  if (error === "password-refused") return `The new password is not good enough: ${list(unsatisfied)}.`;
  return `${words[error] ?? `That did not work (${error}).`}${left}${wait}`;
}

function list(names: readonly string[] = []): string {
  return names.join(", ");
}

const failures: Readonly<Record<string, string>> = {
  MFA_DISABLED: "This account has no second factor. Ask whoever runs it.",
  NO_USABLE_DEVICES: "None of your devices can be used. Ask whoever runs this.",
};

const words: Readonly<Record<string, string>> = {
  "credentials-rejected": "User name or password is wrong.",
  "otp-rejected": "That code is wrong.",
  "name-taken": "That name or address can't be registered.",
  "assertion-rejected": "That passkey was not accepted.",
  "push-denied": "The push was denied. Please start again.",
  "profile-rejected": "One of these was not accepted, or one is missing that has to be there.",
  "consent-refused": "Without your consent the sign-on can't go on.",
  "locked-out": "Too many tries: this account is locked.",
  "rate-limited": "Too many tries.",
  "flow-expired": "This took too long. Please start again.",
  "flow-not-found": "This sign-on is over. Please start again.",
  "flow-failed": "The sign-on has failed. Please start again.",
  "attempts-exhausted": "Too many tries. Please start again.",
  "restart-required": "Something got lost on the way. Please start again.",
  "token-superseded": "This sign-on went on elsewhere. Please start again.",
  "unsupported-step": "Go on in your browser.",
  "upstream-unavailable": "The service is not available at the moment.",
  "reply-lost": "The reply was lost on the way. Please type it again.",
  "passkey-cancelled": "No passkey was used.",
  "passkey-missing": "There is nothing for a passkey to sign.",
  "wrong-step": "That can't be done now.",
  cancelled: "You have cancelled the sign-on.",
};

/** Seconds for people: `1:05 min`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
