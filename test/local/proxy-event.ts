import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEvent } from "aws-lambda";

/** A request as the gateway has read it. */
export interface ReadRequest {
  readonly message: IncomingMessage;
  readonly path: string;
  /** The route's path, with its parameters in braces; empty where none fits. */
  readonly resource: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The event of a proxy integration.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(request: ReadRequest): APIGatewayProxyEvent {
  const { message, path, resource, parameters, body } = request;
  const headers = Object.entries(message.headersDistinct);
  const shared = { path, httpMethod: message.method ?? "GET" };
  return {
    ...shared,
    resource,
    headers: Object.fromEntries(headers.map(([name, values]) => [name, values?.at(-1)])),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: Object.keys(parameters).length > 0 ? { ...parameters } : null,
    stageVariables: null,
    body: body === "" ? null : body,
    isBase64Encoded: false,
    requestContext: requestContext({
      ...shared,
      resourcePath: resource,
      sourceIp: message.socket.remoteAddress ?? "",
      userAgent: message.headers["user-agent"] ?? null,
    }),
  };
}

/** What API Gateway knows of a request that it has not been told. */
export interface Origin {
  readonly path: string;
  readonly httpMethod: string;
  readonly resourcePath: string;
  readonly sourceIp: string;
  readonly userAgent: string | null;
}

/** The `requestContext` of an event, for a caller that AWS knows nothing of. */
export function requestContext(origin: Origin): APIGatewayProxyEvent["requestContext"] {
  const { path, httpMethod, resourcePath, sourceIp, userAgent } = origin;
  return {
    path,
    httpMethod,
    accountId: "000000000000",
    apiId: "local",
    authorizer: undefined,
    identity: { ...nobody, sourceIp, userAgent },
    protocol: "HTTP/1.1",
    requestId: randomUUID(),
    requestTimeEpoch: Date.now(),
    resourceId: "local",
    resourcePath,
    stage: "local",
  };
}

const nobody = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};
