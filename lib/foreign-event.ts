import * as z from "zod/mini";
import type { RequestId } from "./flow/log-text.ts";
import { problemBody } from "./flow/problem-body.ts";
import type { ProblemDefinition } from "./flow/problems.ts";
import { type RequestLog, requestIdOf } from "./log.ts";
import type { OperationName } from "./operation/names.ts";

/** Something of AWS's that calls functions, though none of ours is made for it. */
interface ForeignSource {
  readonly name: string;
  /** What its events have and a workflow's payload or a REST API's event has not. */
  readonly event: z.ZodMiniType;
  /** Whether whoever called waits for a reply over HTTP. */
  readonly isHttp: boolean;
}

const text = z.string();
const something = z.looseObject({});

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
const sources: readonly ForeignSource[] = [
  {
    name: "an HTTP API or a function URL (payload 2.0)",
    event: z.looseObject({ requestContext: z.looseObject({ http: something }) }),
    isHttp: true,
  },
  {
    name: "an Application Load Balancer",
    event: z.looseObject({ requestContext: z.looseObject({ elb: something }) }),
    isHttp: true,
  },
  {
    name: "VPC Lattice",
    event: z.union([
      z.looseObject({ raw_path: text, method: text }),
      z.looseObject({ requestContext: z.looseObject({ serviceNetworkArn: text }) }),
    ]),
    isHttp: true,
  },
  {
    name: "a WebSocket API",
    event: z.looseObject({ requestContext: z.looseObject({ connectionId: text }) }),
    isHttp: true,
  },
  {
    name: "an API that asks for an authorization",
    event: z.union([
      z.looseObject({ methodArn: text }),
      z.looseObject({ routeArn: text }),
      z.looseObject({ authorizationToken: text, requestContext: z.looseObject({ apiId: text }) }),
    ]),
    isHttp: false,
  },
  {
    name: "a queue, a topic, a stream, a bucket or CloudFront",
    event: z.looseObject({ Records: z.array(something) }),
    isHttp: false,
  },
  {
    name: "a pipe, a broker or a delivery stream",
    event: z.union([
      z.looseObject({ eventSource: text }),
      z.looseObject({ deliveryStreamArn: text }),
      z.looseObject({ eventSourceArn: text }),
    ]),
    isHttp: false,
  },
  { name: "EventBridge", event: z.looseObject({ "detail-type": text, source: text }), isHttp: false },
  { name: "CloudWatch Logs", event: z.looseObject({ awslogs: something }), isHttp: false },
  { name: "Cognito", event: z.looseObject({ triggerSource: text }), isHttp: false },
  { name: "CloudFormation", event: z.looseObject({ RequestType: text, ResponseURL: text }), isHttp: false },
  {
    name: "AppSync",
    event: z.looseObject({
      info: z.union([z.looseObject({ fieldName: text }), z.looseObject({ channel: something })]),
    }),
    isHttp: false,
  },
  {
    name: "an assistant or a contact centre",
    event: z.union([
      z.looseObject({ bot: something, invocationSource: text }),
      z.looseObject({ agent: something, messageVersion: text }),
      z.looseObject({ session: something, request: z.looseObject({ type: text }) }),
      z.looseObject({ Details: z.looseObject({ ContactData: something }) }),
    ]),
    isHttp: false,
  },
  {
    name: "S3 Object Lambda or S3 Batch Operations",
    event: z.union([
      z.looseObject({ getObjectContext: something }),
      z.looseObject({ invocationSchemaVersion: text, tasks: z.array(something) }),
    ]),
    isHttp: false,
  },
  {
    name: "a rotation of Secrets Manager's",
    event: z.looseObject({ SecretId: text, ClientRequestToken: text, Step: text }),
    isHttp: false,
  },
  {
    name: "AWS Config, CodePipeline or CodeDeploy",
    event: z.union([
      z.looseObject({ invokingEvent: text, configRuleName: text }),
      z.looseObject({ "CodePipeline.job": something }),
      z.looseObject({ DeploymentId: text, LifecycleEventHookExecutionId: text }),
    ]),
    isHttp: false,
  },
  { name: "the Transfer Family", event: z.looseObject({ serverId: text, protocol: text }), isHttp: false },
  {
    name: "Lambda, with what became of another function's call",
    event: z.looseObject({ requestContext: z.looseObject({ functionArn: text, condition: text }) }),
    isHttp: false,
  },
];

/** Pipes, and AppSync in batches, call with a list of their events: nobody waits for a reply over HTTP. */
function sourceOf(event: unknown): ForeignSource | undefined {
  const [one, isList]: [unknown, boolean] = Array.isArray(event) ? [event[0], true] : [event, false];
  const source = sources.find((known) => known.event.safeParse(one).success);
  return source && isList ? { ...source, isHttp: false } : source;
}

/** A function was put behind something that it can't answer. The message says what, and no more. */
class EventUnsupported extends Error {
  override readonly name = "EventUnsupported";

  constructor(source: string) {
    super(`This function answers an API Gateway REST API and Step Functions. It was called by ${source}.`);
    this.stack = "";
  }
}

/** What those who call over HTTP can make of any reply. */
interface ForeignReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly isBase64Encoded: false;
  readonly body: string;
}

/** Answers an event of another kind, in the place of the function. */
export type ForeignHandler = (context: { readonly awsRequestId: string }) => ForeignReply;

/**
 * How events of another kind are answered: by a problem over HTTP, by a named error elsewhere. To guess at
 * one would give half an answer, and to take it for a workflow's payload an error about secrets.
 *
 * @returns what finds the handler of an event; it gives none for the event of a REST API, and for what may
 * be a workflow's payload
 */
export function foreignHandlers(
  step: OperationName,
  log: RequestLog,
): (event: unknown) => ForeignHandler | undefined {
  let coldStart = true;
  const answer = ({ name, isHttp }: ForeignSource, requestId: RequestId): ForeignReply => {
    const httpStatus = isHttp ? unsupported.status : undefined;
    log({ requestId, step, outcome: "event-unsupported", httpStatus, totalMs: 0, coldStart });
    coldStart = false;
    const error = new EventUnsupported(name);
    if (!isHttp) throw error;
    return replyOf(requestId, { ...unsupported, detail: error.message });
  };
  return (event) => {
    const source = sourceOf(event);
    return source && (({ awsRequestId }) => answer(source, requestIdOf(awsRequestId)));
  };
}

const unsupported = {
  status: 500,
  title: "The function stands behind something that it can't answer",
  detail: "",
  flowEnded: false,
  retryable: false,
  attemptCounted: false,
} as const satisfies ProblemDefinition;

function replyOf(requestId: string, definition: ProblemDefinition): ForeignReply {
  const headers = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Request-Id": requestId,
  };
  return {
    statusCode: definition.status,
    headers,
    // A load balancer may have been told to look at these alone.
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    isBase64Encoded: false,
    body: JSON.stringify(problemBody("event-unsupported", definition, requestId)),
  };
}
