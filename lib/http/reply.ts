import type { APIGatewayProxyResult } from "aws-lambda";
import { type FlowView, hasEnded, shownAt } from "../flow/flow.ts";
import { internalProblem, problemBody } from "../flow/problem-body.ts";
import { type FlowProblem, problems } from "../flow/problems.ts";
import type { Answer, Reply } from "../flow/reply.ts";
import type { Delivery } from "./delivery.ts";
import { flowCookies, forgottenCookies } from "./flow-cookie.ts";

const commonHeaders = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/** What every reply needs to know of its request. */
export interface ReplyContext {
  readonly requestId: string;
  /** The HTTP status of an answer that is no problem: 200, or 201 for a new flow. */
  readonly success: 200 | 201;
  /** The flow of the path; absent where the answer makes one. */
  readonly flowId: string | undefined;
  readonly delivery: Delivery;
}

/** The next flow token, where it travels in the body. */
interface TokenMember {
  readonly flowToken?: string;
}

/**
 * An answer as an API Gateway response.
 *
 * @param now epoch milliseconds: what is left of a flow's life is told as of now, also in the
 * reply of a repetition
 */
export function render(answer: Answer, context: ReplyContext, now: number): APIGatewayProxyResult {
  const { reply, flowToken } = answer;
  const isBody = context.delivery === "body" && flowToken !== undefined;
  const result = resultOf(reply, context, isBody ? { flowToken } : {}, now);
  const cookies = context.delivery === "cookie" ? cookiesFor(reply, flowToken, context) : [];
  return cookies.length === 0 ? result : { ...result, multiValueHeaders: { "Set-Cookie": cookies } };
}

function resultOf(
  reply: Reply,
  context: ReplyContext,
  token: TokenMember,
  now: number,
): APIGatewayProxyResult {
  switch (reply.kind) {
    case "view":
      return json(context, context.success, { ...shownAt(reply.view, now), ...token });
    case "authorized": {
      const { kind: _, ...authorization } = reply;
      return json(context, 200, { ...authorization, ...token });
    }
    case "problem": {
      const flow = reply.flow && { ...shownAt(reply.flow, now), ...token };
      return problem(context, reply.problem, flow);
    }
    case "redeemed": {
      const { flowId, status, tokens } = reply;
      return json(context, 200, { flowId, status, ...tokens, ...token });
    }
    case "refreshed":
      return json(context, 200, reply.tokens);
    case "cancelled":
      return {
        statusCode: 204,
        headers: { ...commonHeaders, "X-Request-Id": context.requestId },
        body: "",
      };
  }
}

/** The cookies of an answer that moves the flow's token on, or ends it. */
function cookiesFor(reply: Reply, flowToken: string | undefined, context: ReplyContext): string[] {
  const flowId = reply.kind === "view" ? reply.view.flowId : context.flowId;
  if (flowId === undefined) return [];
  if (reply.kind === "cancelled") return forgottenCookies(flowId);
  return flowToken === undefined ? [] : flowCookies(flowId, flowToken);
}

/** The reply to what nobody foresaw: nothing but a way to find it in the log. */
export function renderInternal(context: ReplyContext): APIGatewayProxyResult {
  const body = problemBody("internal", internalProblem, context.requestId);
  return json(context, internalProblem.status, body, problemType);
}

const problemType = { "Content-Type": "application/problem+json" };

/** @param flow what the request left of the flow, where it moved the token on */
function problem(
  context: ReplyContext,
  { error, ...told }: FlowProblem,
  flow: (FlowView & TokenMember) | undefined,
): APIGatewayProxyResult {
  const definition = problems[error];
  const { retryAfter, ...members } = { retryAfter: undefined, ...told };
  const flowEnded = flow === undefined ? definition.flowEnded : hasEnded(flow.status);
  // A lock without an end is for somebody else to open.
  const isLocked = error === "locked-out" && retryAfter === undefined;
  const retryable = definition.retryable && !flowEnded && !isLocked;
  const headers: Record<string, string> =
    retryAfter === undefined
      ? problemType
      : // Some libraries send a request again at once that may be sent again at once.
        { ...problemType, "Retry-After": String(Math.max(1, retryAfter)) };
  const fallback = error === "unsupported-step" ? { fallback: "browser" } : {};
  const body = {
    ...problemBody(error, { ...definition, flowEnded, retryable }, context.requestId),
    ...members,
    ...fallback,
    ...(flow === undefined ? {} : { flow }),
  };
  return json(context, definition.status, body, headers);
}

function json(
  { requestId }: ReplyContext,
  statusCode: number,
  body: object,
  headers: Record<string, string> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { "Content-Type": "application/json", ...commonHeaders, "X-Request-Id": requestId, ...headers },
    body: JSON.stringify(body),
  };
}
