import type { ProblemDefinition } from "./problems.ts";

/** What nobody foresaw: nothing but a way to find it in the log. It is no flow's, so not in the table. */
export const internalProblem = {
  status: 500,
  title: "Something went wrong here",
  detail: "Nothing more can be told. Give the request id to whoever runs this service.",
  flowEnded: false,
  retryable: false,
  attemptCounted: null,
} as const satisfies ProblemDefinition;

/**
 * The members that the body of every problem has, in their order (RFC 9457 §3). Whoever answers a request
 * renders it by this: the functions, the gateway, the firewall. The HTTP status stands where HTTP has it, and
 * not here: so `status` is a flow's wherever it is met.
 *
 * @param error the problem's name: one of the table's, or an own one of whoever answers
 * @param requestId leads from the problem to the log; absent where one answer serves all requests
 */
export function problemBody(error: string, definition: ProblemDefinition, requestId?: string) {
  const { title, detail, flowEnded, retryable, attemptCounted } = definition;
  return {
    type: `urn:problem:sign-on:${error}`,
    ...{ title, detail },
    ...(requestId === undefined ? {} : { instance: `/requests/${requestId}` }),
    ...{ error, flowEnded, retryable, attemptCounted },
    ...(requestId === undefined ? {} : { requestId }),
  };
}
