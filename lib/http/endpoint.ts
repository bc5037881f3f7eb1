import middy, { type MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type * as z from "zod";
import type { FlowPorts, Trace } from "../flow/context.ts";
import { refuse } from "../flow/judge.ts";
import type { Answer, DeviceContext, FlowKey } from "../flow/ports.ts";
import type { RequestLine, RequestLog } from "../log.ts";
import { corsHeaders } from "./cors.ts";
import { outcomeOf, type ReplyContext, render, renderInternal } from "./reply.ts";
import { deviceOf, flowIdOf, parseBody, parseKey, requestIdOf } from "./request.ts";

/** What the endpoints of one deployment share. */
export interface HttpApp {
  readonly flows: FlowPorts;
  readonly log: RequestLog;
  /** Web origins whose pages may read the replies. */
  readonly allowedOrigins: readonly string[];
}

/** A Lambda handler behind an API Gateway REST API (proxy integration, payload version 1.0). */
export type LambdaHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** An endpoint that still wants to know what it runs on: tests give it their own. */
export type Endpoint = (app: HttpApp) => LambdaHandler;

/** A request whose every part has been parsed. */
interface Call<Key, Body> {
  readonly key: Key;
  readonly body: Body;
  readonly device: DeviceContext;
  readonly trace: Trace;
}

interface Definition<Key, Body> {
  /** The function's name, for the log. */
  readonly name: string;
  readonly body: z.ZodType<Body>;
  /** Takes the parsed call. */
  readonly run: (flows: FlowPorts, call: Call<Key, Body>) => Promise<Answer>;
}

/** An endpoint on a flow that exists: path and bearer token are parsed beside the body. */
export function flowEndpoint<Body>(definition: Definition<FlowKey, Body>): Endpoint {
  return (app) =>
    pipeline(app, definition.name, 200, async (event, trace) => {
      const key = parseKey(event);
      const body = parseBody(event, definition.body);
      if (key.ok && body.ok) {
        const call = { key: key.value, body: body.value, device: deviceOf(event), trace };
        return definition.run(app.flows, call);
      }
      return invalid([key, body]);
    });
}

/** The endpoint that makes a flow: there is no key yet. */
export function startEndpoint<Body>(definition: Definition<undefined, Body>): Endpoint {
  return (app) =>
    pipeline(app, definition.name, 201, async (event, trace) => {
      const body = parseBody(event, definition.body);
      if (!body.ok) return invalid([body]);
      return definition.run(app.flows, { key: undefined, body: body.value, device: deviceOf(event), trace });
    });
}

/** A handler that builds its app when it is first called, so that importing it reads no environment. */
export function lambda(endpoint: Endpoint, live: () => HttpApp): LambdaHandler {
  let handler: LambdaHandler | undefined;
  return async (event, context) => {
    handler ??= endpoint(live());
    return handler(event, context);
  };
}

type Work = (event: APIGatewayProxyEvent, trace: Trace) => Promise<Answer>;

/** What a request leaves for its log line, kept on middy's context while it runs. */
interface Notes extends ReplyContext {
  readonly startedAt: number;
  readonly trace: Trace;
  outcome: RequestLine["outcome"];
}

interface NotedContext extends Context {
  notes?: Notes;
}

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, NotedContext>;

function pipeline(app: HttpApp, name: string, success: 200 | 201, work: Work): LambdaHandler {
  // No early time-out: a step has budgets of its own, and a reply that races it would tell less than it knows.
  // Error hooks run in reverse: the one that makes the reply stands after the one that logs it.
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, NotedContext>({ timeoutEarlyInMillis: 0 })
    .use(crossOrigin(app))
    .use(logged(app, name, success))
    .use(internalErrors)
    .handler(async (event, context) => {
      const notes = notesOf(context);
      const answer = await work(event, notes.trace);
      notes.outcome = outcomeOf(answer.reply);
      return render(answer, notes);
    });
}

// Outermost, so that it is asked last and finds a reply, whatever became of the request.
function crossOrigin({ allowedOrigins }: HttpApp): Middleware {
  const allow: Middleware["after"] = ({ event, response }) => {
    if (response) response.headers = { ...response.headers, ...corsHeaders(event, allowedOrigins) };
  };
  return { after: allow, onError: allow };
}

function logged({ flows: { clock }, log }: HttpApp, step: string, success: 200 | 201): Middleware {
  let coldStart = true;
  const write: Middleware["after"] = ({ event, context, response, error }) => {
    const { requestId, outcome, startedAt, trace } = notesOf(context);
    const line: RequestLine = {
      ...{ requestId, flowId: flowIdOf(event), step, ...trace, outcome },
      httpStatus: response?.statusCode ?? 500,
      totalMs: clock.now() - startedAt,
      coldStart,
      ...(error ? { error: { name: error.name, at: framesOf(error) } } : {}),
    };
    coldStart = false;
    log(line);
  };
  return {
    before: ({ event, context }) => {
      const requestId = requestIdOf(event);
      context.notes = { requestId, success, startedAt: clock.now(), trace: {}, outcome: "internal" };
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

/** Where an error was thrown, without its message: that might hold what must not be logged. */
function framesOf(error: Error): string[] {
  const lines = (error.stack ?? "")
    .replace(error.message, "")
    .split("\n")
    .map((line) => line.trim());
  return lines.filter((line) => /^at /.test(line)).slice(0, 8);
}

function invalid(parts: readonly ({ ok: true } | { ok: false; fields: readonly string[] })[]): Answer {
  return refuse({ code: "request-invalid", fields: parts.flatMap((part) => (part.ok ? [] : part.fields)) });
}
