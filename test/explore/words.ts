import * as z from "zod";
import type { FlowView } from "../../lib/flow/flow.ts";
import type { FlowProblem } from "../../lib/flow/problems.ts";
import { render } from "../../lib/http/reply.ts";

const Words = z.object({
  flowEnded: z.boolean(),
  retryable: z.boolean(),
  attemptCounted: z.boolean().nullable(),
});

/** What a problem says of itself. */
export interface ProblemWords extends z.infer<typeof Words> {
  /** Milliseconds. */
  readonly retryAfterMs: number;
}

const known = new Map<string, ProblemWords>();

/** The words that a client reads over HTTP. */
export function wordsOf(problem: FlowProblem, flow?: FlowView): ProblemWords {
  const text = JSON.stringify([problem, flow]);
  const words = known.get(text) ?? read(problem, flow);
  known.set(text, words);
  return words;
}

function read(problem: FlowProblem, flow: FlowView | undefined): ProblemWords {
  const context = { requestId: "explored", success: 200, flowId: undefined, delivery: "body" } as const;
  const { body, headers } = render({ reply: { kind: "problem", problem, flow } }, context, 0);
  return { ...Words.parse(JSON.parse(body)), retryAfterMs: Number(headers?.["Retry-After"] ?? 0) * 1000 };
}
