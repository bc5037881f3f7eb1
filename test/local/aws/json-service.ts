import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { portOf } from "../../support/engines.ts";

/**
 * What befalls a call: it is refused or never arrives, its reply is lost once it was carried
 * out, or it waits.
 */
export type Mishap =
  | { readonly kind: "refused"; readonly name: string; readonly status?: number }
  | { readonly kind: "unreached" }
  | { readonly kind: "reply-lost" }
  | { readonly kind: "delayed"; readonly until: Promise<unknown> };

/** A call that arrived, with what became of it. */
export interface ServiceCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What was answered; none where the call was refused or never carried out. */
  output?: object;
  /** AWS's name for why it was refused. */
  error?: string;
}

/** Hears of each call when it arrives and when it has been carried out, before it is answered. */
export type Listener = (call: ServiceCall, moment: "arrived" | "carried out") => void;

/** A stand-in for one AWS service, on a loopback port. */
export interface JsonService {
  readonly endpoint: string;
  /** Every call since the start, in order of arrival. */
  readonly calls: readonly ServiceCall[];
  /** This befalls the next so many calls. */
  plan(mishap: Mishap, times?: number): void;
  /** Nothing that was planned happens any more. */
  clear(): void;
  stop(): Promise<void>;
}

/** An operation of a service. */
type Operation = (input: Readonly<Record<string, unknown>>) => object;

/** How a service is spoken to. */
export interface ServiceDescription {
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  readonly contentType: "application/x-amz-json-1.0" | "application/x-amz-json-1.1";
  /** The name that requests are signed for. */
  readonly signingName: string;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly listener?: Listener | undefined;
}

/** A refusal by the name that AWS has for it. */
export class AwsRefusal extends Error {
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

const Input = z.record(z.string(), z.unknown());

/**
 * Reads an operation's input.
 *
 * @throws AwsRefusal `ValidationException` naming the members that don't fit
 */
export function read<Shape>(schema: z.ZodType<Shape>, input: unknown): Shape {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const members = parsed.error.issues.map(({ path }) => path.join("."));
  throw new AwsRefusal("ValidationException", `Value at ${members.join(", ")} failed to satisfy constraint.`);
}

/** Serves a service that speaks AWS JSON on a free port. */
export async function serveJson(description: ServiceDescription): Promise<JsonService> {
  const calls: ServiceCall[] = [];
  const plans: { readonly mishap: Mishap; left: number }[] = [];
  const take = (): Mishap | undefined => {
    const plan = plans.find(({ left }) => left > 0);
    if (plan !== undefined) plan.left -= 1;
    return plan?.mishap;
  };
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
    answer(incoming, response, { ...description, take, note: (call) => calls.push(call) }).catch(() =>
      response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${portOf(server.address())}`,
    calls,
    plan: (mishap, times = 1) => plans.push({ mishap, left: times }),
    clear: () => plans.splice(0),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Service extends ServiceDescription {
  take(): Mishap | undefined;
  note(call: ServiceCall): void;
}

async function answer(incoming: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  // The SDK would take a clock that a test has put forward for one that is wrong, and try again.
  response.sendDate = false;
  const body = await text(incoming);
  const reply = (status: number, content: object) =>
    response
      .writeHead(status, { "Content-Type": service.contentType, "x-amzn-RequestId": crypto.randomUUID() })
      .end(JSON.stringify(content));
  try {
    const [operation, run] = operationOf(incoming, service);
    const output = await carryOut({ operation, input: Input.parse(JSON.parse(body)) }, run, service);
    if (output === undefined) response.destroy();
    else reply(200, output);
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    reply(error.status, { __type: error.name, message: error.message });
  }
}

/** Gives nothing where the connection is to break. */
async function carryOut(
  call: ServiceCall,
  run: Operation,
  { take, note, listener }: Service,
): Promise<object | undefined> {
  note(call);
  listener?.(call, "arrived");
  const mishap = take();
  if (mishap?.kind === "unreached") return undefined;
  if (mishap?.kind === "delayed") await mishap.until;
  try {
    if (mishap?.kind === "refused") throw new AwsRefusal(mishap.name, "It was planned.", mishap.status);
    call.output = run(call.input);
  } catch (error) {
    if (error instanceof AwsRefusal) call.error = error.name;
    throw error;
  }
  listener?.(call, "carried out");
  return mishap?.kind === "reply-lost" ? undefined : call.output;
}

function operationOf({ headers }: IncomingMessage, service: ServiceDescription): [string, Operation] {
  const { target, contentType, signingName, operations } = service;
  const scope = new RegExp(
    `^AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/[a-z0-9-]+/${signingName}/aws4_request, `,
  );
  if (!scope.test(headers.authorization ?? "")) {
    throw new AwsRefusal(
      "MissingAuthenticationTokenException",
      "The request is not signed for this service.",
    );
  }
  const [prefix, name = ""] = String(headers["x-amz-target"]).split(".");
  const run = operations.get(name);
  if (run === undefined || prefix !== target || headers["content-type"] !== contentType) {
    throw new AwsRefusal("UnknownOperationException", "There is no such operation.");
  }
  return [name, run];
}
