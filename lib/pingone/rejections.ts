import { type PasswordRequirement, passwordRequirements } from "../flow/details.ts";
import type { Refusal } from "../flow/provider.ts";
import type { ChoiceFault } from "../flow/reasons.ts";
import type { RejectionReason } from "../flow/step-definition.ts";
import { type StepName, steps } from "../flow/steps.ts";
import { type Detail, type ErrorBody, isUnread } from "./error-body.ts";
import type { HttpAnswer } from "./send.ts";

/**
 * Of what the person gave, at whatever status; INVALID_REQUEST is about the call. A 404 speaks of the flow,
 * unless it is asked about a name.
 */
export function rejectionIn(answered: HttpAnswer, error: ErrorBody, step: StepName): Refusal | undefined {
  if (error.code === "INVALID_REQUEST" || isUnread(answered, error)) return undefined;
  // `details` is optional (docs/pingone.md §7.1): INVALID_DATA alone says as much.
  const unexplained = error.code === "INVALID_DATA" && error.details.length === 0 ? [{ detail: error }] : [];
  // A flow's `error` says the code of its first detail once more, without what it is about.
  const found = [meanings(error.details, step), meanings([error], step), unexplained].find(
    (some) => some.length > 0,
  );
  return found && rejectionFor(found);
}

/** A detail by which what the person gave is turned down, and the reason that it is by the definition. */
interface Meaning {
  readonly detail: Detail;
  readonly reason?: RejectionReason | undefined;
}

function meanings(details: readonly Detail[], step: StepName): readonly Meaning[] {
  const rejections: readonly RejectionReason[] = steps[step].rejections;
  return details.flatMap((detail) => {
    const ofCode = rejections.filter(({ code }) => code === detail.code);
    const reason =
      ofCode.find(({ target }) => target !== undefined && target === detail.target) ??
      ofCode.find(({ target }) => target === undefined);
    return reason === undefined ? [] : [{ detail, reason }];
  });
}

/** A wrong name or credential counts before what is wrong with something new. */
function rejectionFor(found: readonly Meaning[]): Refusal {
  const plain = found.find(({ reason }) => reason?.means === undefined);
  if (plain === undefined) return { kind: "rejected", fault: faultIn(found) };
  const attemptsRemaining = plain.detail.innerError?.attemptsRemaining;
  return { kind: "rejected", ...(attemptsRemaining === undefined ? {} : { attemptsRemaining }) };
}

function faultIn(found: readonly Meaning[]): ChoiceFault {
  const ofPassword = found.filter(({ reason }) => reason?.means === "new-password");
  if (ofPassword.length > 0) return { kind: "new-password", unsatisfied: unsatisfiedIn(ofPassword) };
  return { kind: "malformed", member: found[0]?.reason?.target ?? "body" };
}

/** The rules that are broken, by names of ours, from every detail. */
function unsatisfiedIn(found: readonly Meaning[]): PasswordRequirement[] {
  const told = found.flatMap(({ detail }) => detail.innerError?.unsatisfiedRequirements ?? []);
  return [...new Set(told.map((name) => passwordRequirements.find((one) => one === name) ?? "other"))];
}
