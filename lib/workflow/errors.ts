import { type FlowProblem, problems } from "../flow/problems.ts";

/** Every way a workflow's call can fail: the flow's problems, and what it can end with beside them. */
export type WorkflowProblem =
  | FlowProblem
  | { readonly error: "secret-in-payload"; readonly names: readonly string[] }
  | { readonly error: "workflows-disabled" }
  | { readonly error: "not-for-workflows" }
  | { readonly error: "internal" };

/** Ends a call by name; {@link WorkflowError} is what leaves the function. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: WorkflowProblem;

  constructor(problem: WorkflowProblem) {
    super(problem.error);
    this.problem = problem;
  }
}

/** What a workflow's call can end with beside a flow's problem, in words. */
export const ownSentences = {
  "secret-in-payload": "The payload has members that may only come by reference",
  "workflows-disabled": "Workflows are not switched on in this environment",
  "not-for-workflows": "No workflow may call this function: what it gives must never be in a history",
  internal: "Something went wrong here",
} as const;

/**
 * What a waiting task ends with whose place another has taken: it is reported to it, and no function throws
 * it.
 */
export const waitReplaced = {
  name: "WaitReplaced",
  sentence: "Another task waits for this flow now",
} as const;

/**
 * An error as Step Functions sees it. Lambda reports its `name` as the error's type, which is the execution's
 * `Error`, and the message in its `Cause`; both stay in the execution's history, so they say nothing but what
 * is fixed, the names of members, and the request id. It has no stack.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export class WorkflowError extends Error {
  constructor(problem: WorkflowProblem, requestId: string) {
    const parts = partsOf(problem);
    const told = parts.length === 0 ? "" : `: ${parts.join(", ")}`;
    super(`${sentenceOf(problem)}${told}. Request id: ${requestId}.`);
    this.name = errorNameOf(problem.error);
    this.stack = "";
  }
}

/** A problem's name in PascalCase: the one that Retry and Catch match. */
export function errorNameOf(error: WorkflowProblem["error"]): string {
  return error
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

/** What of the payload is wrong; a reason is said as it is over HTTP. */
function partsOf(problem: WorkflowProblem): readonly string[] {
  if (problem.error === "secret-in-payload") return problem.names;
  if (problem.error !== "request-invalid") return [];
  return problem.fields.map(({ name, reason, didYouMean }) => {
    const meant = didYouMean === undefined ? "" : `; did you mean ${didYouMean}?`;
    return `${name} (${reason}${meant})`;
  });
}

function sentenceOf({ error }: WorkflowProblem): string {
  switch (error) {
    case "secret-in-payload":
    case "workflows-disabled":
    case "not-for-workflows":
    case "internal":
      return ownSentences[error];
    default:
      return problems[error].title;
  }
}
