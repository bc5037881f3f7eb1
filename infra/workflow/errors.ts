import { problems } from "../../lib/flow/problems.ts";
import { errorNameOf, ownSentences, waitReplaced } from "../../lib/workflow/errors.ts";

/** The errors after which a call may be sent again as it was: PingOne took nothing up. */
export const retryable = ["RateLimited", "UpstreamUnavailable"] as const;

/** The errors that leave open what the step did; so does every error of Lambda's own. */
const open: ReadonlySet<string> = new Set(["OutcomeUnknown", "StepInProgress"]);

/**
 * What a step on a flow puts out as `error`, because the flow goes on; a start, which leaves no flow, throws
 * them. They are the problems that say that something was tried, and nothing ended.
 */
export const rejections = typedKeys(problems).filter(
  (name) => problems[name].attemptCounted === true && !problems[name].flowEnded,
);

/** Every error that a sign-on function throws by name. */
export const errorNames: readonly string[] = [...typedKeys(problems), ...typedKeys(ownSentences)].map(
  errorNameOf,
);

/**
 * The errors after which there is nothing to settle, with the one that a waiting task is told. They are
 * listed, and not those of Lambda that call for settling, because this list is closed: a function that is
 * lost reports `Lambda.Unknown`, `Sandbox.Timedout`, `Runtime.ExitError` or what a later runtime calls it.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const settledErrors: readonly string[] = [
  ...errorNames.filter((name) => !open.has(name)),
  waitReplaced.name,
];

function typedKeys<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record).filter((key): key is Key => key in record);
}
