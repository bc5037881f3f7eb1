import { type FlowProblem, problems } from "../flow/problems.ts";

/** Every way a workflow's call can fail: the flow's problems, and what it can end with beside them. */
export type WorkflowProblem =
  | FlowProblem
  | { readonly code: "secret-in-payload"; readonly fields: readonly string[] }
  | { readonly code: "workflows-disabled" }
  | { readonly code: "internal" };

/** Ends a call by name; {@link WorkflowError} is what leaves the function. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: WorkflowProblem;

  constructor(problem: WorkflowProblem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** What a workflow's call can end with beside a flow's problem, in words. */
export const ownSentences = {
  "secret-in-payload": "The payload has members that may only come by reference",
  "workflows-disabled": "Workflows are not switched on in this environment",
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
    const told = "fields" in problem ? `: ${problem.fields.join(", ")}` : "";
    super(`${sentenceOf(problem)}${told}. Request id: ${requestId}.`);
    this.name = errorNameOf(problem.code);
    this.stack = "";
  }
}

/** A problem's code in PascalCase: the name that Retry and Catch match. */
export function errorNameOf(code: WorkflowProblem["code"]): string {
  return code
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

function sentenceOf({ code }: WorkflowProblem): string {
  switch (code) {
    case "secret-in-payload":
    case "workflows-disabled":
    case "internal":
      return ownSentences[code];
    default:
      return problems[code].title;
  }
}
