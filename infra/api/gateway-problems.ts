import { ResponseType, type RestApi } from "aws-cdk-lib/aws-apigateway";
import { internalProblem, problemBody } from "../../lib/flow/problem-body.ts";
import { type ProblemDefinition, problems, type RequestFault } from "../../lib/flow/problems.ts";
import { exposedHeaders } from "../../lib/http/exposed-headers.ts";
import { type CrossOriginSettings, plainOrigin } from "./preflight.ts";

/** An answer that API Gateway gives by itself. */
interface GatewayProblem extends ProblemDefinition {
  readonly error: string;
  /** The parts of the request that are wrong, by the names that the functions use. */
  readonly fields?: readonly RequestFault[];
  /** Seconds. */
  readonly retryAfter?: number;
  readonly types: readonly ResponseType[];
}

const invalid = { ...problems["request-invalid"], error: "request-invalid" };
const innocent = { flowEnded: false, retryable: false, attemptCounted: false };

const gatewayProblems: readonly GatewayProblem[] = [
  { ...invalid, fields: [], types: [ResponseType.DEFAULT_4XX] },
  {
    ...invalid,
    status: 413,
    fields: [{ name: "body", reason: "too-long" }],
    types: [ResponseType.REQUEST_TOO_LARGE],
  },
  {
    ...innocent,
    error: "no-such-route",
    status: 404,
    title: "There is no such route",
    detail: "The API has no such method on such a path.",
    types: [ResponseType.MISSING_AUTHENTICATION_TOKEN, ResponseType.RESOURCE_NOT_FOUND],
  },
  {
    ...innocent,
    error: "forbidden",
    status: 403,
    title: "The request was turned away",
    detail: "A rule in front of the API refused the request. Nothing was sent on or spent.",
    types: [
      ResponseType.ACCESS_DENIED,
      ResponseType.EXPIRED_TOKEN,
      ResponseType.INVALID_API_KEY,
      ResponseType.INVALID_SIGNATURE,
      ResponseType.UNAUTHORIZED,
      ResponseType.WAF_FILTERED,
    ],
  },
  {
    ...problems["rate-limited"],
    error: "rate-limited",
    retryAfter: 1,
    types: [ResponseType.THROTTLED, ResponseType.QUOTA_EXCEEDED],
  },
  // A function that was not waited for, or that died, may have asked PingOne before.
  {
    ...problems["outcome-unknown"],
    error: "outcome-unknown",
    status: 504,
    types: [ResponseType.INTEGRATION_FAILURE, ResponseType.INTEGRATION_TIMEOUT],
  },
  {
    ...problems["outcome-unknown"],
    error: "outcome-unknown",
    status: 502,
    types: [ResponseType.DEFAULT_5XX],
  },
  {
    ...internalProblem,
    error: "internal",
    // No function was asked.
    attemptCounted: false,
    types: [
      ResponseType.API_CONFIGURATION_ERROR,
      ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
      ResponseType.AUTHORIZER_FAILURE,
    ],
  },
];

/**
 * Gives every answer that API Gateway makes by itself our problem shape. The only thing of the request in it
 * is the gateway's own id of it: no text that a client sent, nor the gateway's words about it.
 *
 * Such an answer can name one origin, the same for all: its template knows substitution and no logic. So
 * pages of the first allowed origin can read these answers, and pages of the others see a request that
 * failed; to name whatever origin asks would let any page read them.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function addGatewayProblems(api: RestApi, settings: CrossOriginSettings): void {
  for (const { types, retryAfter, error, fields, ...problem } of gatewayProblems) {
    const body = problemBody(error, problem, "$context.requestId");
    const template = JSON.stringify(fields === undefined ? body : { ...body, fields });
    for (const type of types) {
      api.addGatewayResponse(`Problem-${type.responseType}`, {
        type,
        statusCode: String(problem.status),
        responseHeaders: {
          "Content-Type": "'application/problem+json'",
          "Cache-Control": "'no-store'",
          "X-Content-Type-Options": "'nosniff'",
          "X-Request-Id": "context.requestId",
          ...(retryAfter === undefined ? {} : { "Retry-After": `'${retryAfter}'` }),
          ...gatewayCorsHeaders(settings),
        },
        templates: { "application/json": template },
      });
    }
  }
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
