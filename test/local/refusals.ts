import type { APIGatewayProxyResult } from "aws-lambda";

/**
 * An answer that API Gateway makes by itself.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export interface Refusal {
  readonly refused: string;
  readonly status: number;
  readonly message: string;
}

/** No method fits the path: in API Gateway's words, a token is missing. */
export const noSuchRoute: Refusal = {
  refused: "MISSING_AUTHENTICATION_TOKEN",
  status: 403,
  message: "Missing Authentication Token",
};

/** The payload is beyond API Gateway's own limit. */
export const tooLong: Refusal = { refused: "REQUEST_TOO_LARGE", status: 413, message: "Request Too Long" };

/** The function was not waited for any longer. */
export const notWaitedFor: Refusal = {
  refused: "INTEGRATION_TIMEOUT",
  status: 504,
  message: "Endpoint request timed out",
};

/** The function failed, timed out, or answered with what is no answer. */
export const functionFailed: Refusal = {
  refused: "DEFAULT_5XX",
  status: 502,
  message: "Internal server error",
};

/** The function has no execution environment to spare. */
export const functionThrottled: Refusal = { ...functionFailed, status: 500 };

/** The answer of an API that defines none of its own. */
export function plainAnswer({ status, message }: Refusal): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ message }),
  };
}
