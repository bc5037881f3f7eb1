import middy, { type MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import * as z from "zod/mini";
import type { FlowPorts, Trace } from "../flow/context.ts";
import { refuse } from "../flow/judge.ts";
import type { FlowId, RequestId } from "../flow/log-text.ts";
import type { Answer } from "../flow/reply.ts";
import { failureOf, outcomeOf, type RequestLine, type RequestLog, requestIdOf } from "../log.ts";
import { largestBodyOf, type OperationName } from "../operation/names.ts";
import type {
  FlowlessOperation,
  FlowOperation,
  Operation,
  StartingRequest,
  StartOperation,
} from "../operation/operation.ts";
import type { ParseResult } from "../operation/parsing.ts";
import { corsHeaders } from "./cors.ts";
import {
  crossSiteFaults,
  type Delivery,
  type DeliverySettings,
  deliveryOf,
  parseDelivered,
  takeDelivery,
} from "./delivery.ts";
import { parseIdempotencyKey } from "./idempotency-key.ts";
import { networkOf } from "./network.ts";
import { type ReplyContext, render, renderInternal } from "./reply.ts";
import { deviceOf, flowIdOf, header, parseBody } from "./request.ts";

const absent = z.optional(z.null());

/**
 * What tells the gateway's events from those of a load balancer and of payload 2.0: the rest
 * is read with care.
 */
const GatewayEvent = z.looseObject({
  httpMethod: z.string(),
  requestContext: z.looseObject({ elb: absent, http: absent }),
});

/** What the endpoints of one deployment share. */
export interface HttpApp extends DeliverySettings {
  readonly flows: FlowPorts;
  readonly log: RequestLog;
}

/** A Lambda handler behind an API Gateway REST API (proxy integration, payload version 1.0). */
export type LambdaHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/**
 * Whether an event came through the gateway; what comes otherwise is for another adapter. Whoever may invoke
 * the function can make one up, and so call as a client would.
 */
export function isGatewayEvent(event: unknown): event is APIGatewayProxyEvent {
  return GatewayEvent.safeParse(event).success;
}

/**
 * A function of the API as a handler of the gateway's events: the key and the body are
 * parsed beside each other.
 */
export function httpHandler(operation: Operation, app: HttpApp): LambdaHandler {
  switch (operation.kind) {
    case "start":
      return startHandler(operation, app);
    case "flow":
      return flowHandler(operation, app);
    case "flowless":
      return flowlessHandler(operation, app);
  }
}

function flowlessHandler(operation: FlowlessOperation, app: HttpApp): LambdaHandler {
  return pipeline(app, operation.name, 200, async (event, notes) => {
    const body = parseBody(event, largestBodyOf(operation.name));
    const work = body.ok ? operation.prepare(body.value) : body;
    if (!work.ok) return invalid([work]);
    return work.value(app.flows, { ...whoAsks(event), trace: notes.trace });
  });
}

function startHandler(operation: StartOperation, app: HttpApp): LambdaHandler {
  return pipeline(app, operation.name, 201, async (event, notes) => {
    const body = parseBody(event, largestBodyOf(operation.name));
    if (!body.ok) return invalid([body]);
    const { delivery, rest } = takeDelivery(body.value, app);
    const faults = delivery.ok ? crossSiteFaults(event, delivery.value, app) : [];
    if (faults.length > 0) return refuse({ error: "request-invalid", fields: faults });
    const key = parseIdempotencyKey(event);
    const work = operation.prepare(rest, { whole: "body", beside: ["tokenDelivery"] });
    if (!delivery.ok || !work.ok || !key.ok) return invalid([delivery, work, key]);
    notes.delivery = delivery.value;
    const once = onceBy(key.value, delivery.value);
    return work.value(app.flows, { ...whoAsks(event), trace: notes.trace, once });
  });
}

function onceBy(idempotencyKey: string | undefined, delivery: Delivery): StartingRequest["once"] {
  return idempotencyKey === undefined ? undefined : { idempotencyKey, delivery };
}

function flowHandler(operation: FlowOperation, app: HttpApp): LambdaHandler {
  return pipeline(app, operation.name, 200, async (event, notes) => {
    const delivery = deliveryOf(event, app);
    const faults = crossSiteFaults(event, delivery, app);
    if (faults.length > 0) return refuse({ error: "request-invalid", fields: faults });
    notes.delivery = delivery;
    const key = parseDelivered(event, delivery);
    const body = parseBody(event, largestBodyOf(operation.name));
    const work = body.ok ? operation.prepare(body.value) : body;
    if (!key.ok || !work.ok) return invalid([key, work]);
    return work.value(app.flows, { key: key.value, ...whoAsks(event), trace: notes.trace });
  });
}

function whoAsks(event: APIGatewayProxyEvent) {
  return { device: deviceOf(event), network: networkOf(event) };
}

type Work = (event: APIGatewayProxyEvent, notes: Notes) => Promise<Answer>;

/** What a request leaves for its log line, kept on middy's context while it runs. */
interface Notes extends ReplyContext {
  readonly requestId: RequestId;
  readonly flowId: FlowId | undefined;
  readonly startedAt: number;
  readonly trace: Trace;
  delivery: Delivery;
  outcome: RequestLine["outcome"];
}

interface NotedContext extends Context {
  notes?: Notes;
}

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, NotedContext>;

function pipeline(app: HttpApp, name: OperationName, success: 200 | 201, work: Work): LambdaHandler {
  // No early time-out: a step has budgets of its own, and a reply that races it would tell less than it
  // knows. Error hooks run in reverse: the one that makes the reply stands after the one that logs it.
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, NotedContext>({ timeoutEarlyInMillis: 0 })
    .use(crossOrigin(app))
    .use(logged(app, name, success))
    .use(internalErrors)
    .handler(async (event, context) => {
      const notes = notesOf(context);
      const answer = await work(event, notes);
      notes.outcome = outcomeOf(answer.reply);
      return render(answer, notes, app.flows.clock.now());
    });
}

// Outermost, so that it is asked last and finds a reply, whatever became of the request.
function crossOrigin(settings: DeliverySettings): Middleware {
  const allow: Middleware["after"] = ({ event, response }) => {
    if (response) response.headers = { ...response.headers, ...corsHeaders(event, settings) };
  };
  return { after: allow, onError: allow };
}

function logged({ flows: { clock }, log }: HttpApp, step: OperationName, success: 200 | 201): Middleware {
  let coldStart = true;
  const write: Middleware["after"] = ({ context, response, error }) => {
    const { requestId, flowId, outcome, startedAt, trace } = notesOf(context);
    const line: RequestLine = {
      ...{ requestId, flowId, step, ...trace, outcome },
      httpStatus: response?.statusCode ?? 500,
      totalMs: clock.now() - startedAt,
      coldStart,
      ...(error ? { error: failureOf(error) } : {}),
    };
    coldStart = false;
    log(line);
  };
  return {
    before: ({ event, context }) => {
      // Whoever makes up a gateway's event may leave the gateway's own id out.
      const requestId = requestIdOf(header(event, "x-request-id"), event.requestContext?.requestId);
      context.notes = {
        ...{ requestId, flowId: flowIdOf(event), success, delivery: "body" },
        ...{ startedAt: clock.now(), trace: {}, outcome: "internal" },
      };
    },
    after: write,
    onError: write,
  };
}

const internalErrors: Middleware = {
  onError: (request) => {
    request.response = renderInternal(notesOf(request.context));
  },
};

function notesOf(context: NotedContext): Notes {
  if (context.notes === undefined) throw new Error("The pipeline has not begun.");
  return context.notes;
}

function invalid(parts: readonly ParseResult<unknown>[]): Answer {
  return refuse({ error: "request-invalid", fields: parts.flatMap((part) => (part.ok ? [] : part.fields)) });
}
