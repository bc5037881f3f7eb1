import { internalProblem, problemBody } from "../../lib/flow/problem-body.ts";
import { type ProblemDefinition, problems, type RequestFault } from "../../lib/flow/problems.ts";
import { exposedHeaders } from "../../lib/http/exposed-headers.ts";
import { type CrossOriginSettings, plainOrigin } from "./cross-origin.ts";

/** An answer that API Gateway gives by itself. */
interface GatewayProblem extends ProblemDefinition {
  readonly error: string;
  /** The parts of the request that are wrong, by the names that the functions use. */
  readonly fields?: readonly RequestFault[];
  /** Seconds. */
  readonly retryAfter?: number;
  /** The gateway's names of the answers that are worded so. */
  readonly types: readonly string[];
}

const innocent = { flowEnded: false, retryable: false, attemptCounted: false };

const gatewayProblems: readonly GatewayProblem[] = [
  {
    ...problems["request-invalid"],
    error: "request-invalid",
    status: 413,
    fields: [{ name: "body", reason: "too-long" }],
    types: ["REQUEST_TOO_LARGE"],
  },
  {
    ...innocent,
    error: "no-such-route",
    status: 404,
    title: "There is no such route",
    detail: "The API has no such method on such a path.",
    // No method of ours asks for a signature, a key or an authorizer. So such an answer is given where there
    // is no method: a bearer token is read there as a signature that is incomplete.
    types: [
      "EXPIRED_TOKEN",
      "INVALID_API_KEY",
      "INVALID_SIGNATURE",
      "MISSING_AUTHENTICATION_TOKEN",
      "RESOURCE_NOT_FOUND",
      "UNAUTHORIZED",
    ],
  },
  {
    ...innocent,
    error: "forbidden",
    status: 403,
    title: "The request was turned away",
    detail:
      "A rule in front of the API refused the request, it can't be read, or there is no such route. Nothing was " +
      "sent on or spent.",
    // The default stands for refusals that have no name, and no template can tell one from another.
    types: ["ACCESS_DENIED", "DEFAULT_4XX", "WAF_FILTERED"],
  },
  {
    ...problems["rate-limited"],
    error: "rate-limited",
    retryAfter: 1,
    types: ["THROTTLED", "QUOTA_EXCEEDED"],
  },
  // A function that was not waited for, or that died, may have asked PingOne before.
  {
    ...problems["outcome-unknown"],
    error: "outcome-unknown",
    status: 504,
    types: ["INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"],
  },
  {
    ...problems["outcome-unknown"],
    error: "outcome-unknown",
    status: 502,
    types: ["DEFAULT_5XX"],
  },
  {
    ...internalProblem,
    error: "internal",
    // No function was asked.
    attemptCounted: false,
    types: ["API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE"],
  },
];

/** How the gateway words one of its own answers. */
export interface GatewayAnswer {
  readonly type: string;
  readonly status: number;
  /** By the name of the header, in the gateway's terms: a text between quotes, or what it is taken from. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, in which `$context.…` is filled in. */
  readonly template: string;
}

/**
 * Every answer that API Gateway makes by itself, in our problem shape. The only thing of the request in it is
 * the gateway's own id of it: no text that a client sent, nor the gateway's words about it.
 *
 * Such an answer can name one origin, the same for all: its template knows substitution and no logic. So
 * pages of the first allowed origin can read these answers, and pages of the others see a request that
 * failed; to name whatever origin asks would let any page read them.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function gatewayAnswers(settings: CrossOriginSettings): GatewayAnswer[] {
  return gatewayProblems.flatMap(({ types, retryAfter, error, fields, ...problem }) => {
    const body = problemBody(error, problem, "$context.requestId");
    const headers = {
      "Content-Type": "'application/problem+json'",
      "Cache-Control": "'no-store'",
      "X-Content-Type-Options": "'nosniff'",
      "X-Request-Id": "context.requestId",
      ...(retryAfter === undefined ? {} : { "Retry-After": `'${retryAfter}'` }),
      ...gatewayCorsHeaders(settings),
    };
    const template = JSON.stringify(fields === undefined ? body : { ...body, fields });
    return types.map((type) => ({ type, status: problem.status, headers, template }));
  });
}

function gatewayCorsHeaders({ allowedOrigins, cookieDelivery }: CrossOriginSettings): Record<string, string> {
  const [firstOrigin] = allowedOrigins;
  if (firstOrigin === undefined) return {};
  return {
    Vary: "'Origin'",
    "Access-Control-Allow-Origin": `'${plainOrigin(firstOrigin)}'`,
    ...(cookieDelivery ? { "Access-Control-Allow-Credentials": "'true'" } : {}),
    "Access-Control-Expose-Headers": `'${exposedHeaders}'`,
  };
}
