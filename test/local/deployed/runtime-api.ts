import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { portOf } from "../../support/engines.ts";

/** What became of an invocation. */
export type Outcome =
  | { readonly kind: "answered"; readonly payload: string }
  | {
      readonly kind: "failed";
      readonly errorType: string;
      readonly message: string;
      readonly trace: readonly string[];
    }
  | { readonly kind: "timed-out" }
  | { readonly kind: "crashed" };

interface Invocation {
  readonly id: string;
  readonly payload: string;
  readonly timeoutMs: number;
  readonly settle: (outcome: Outcome) => void;
  timer?: NodeJS.Timeout;
}

const FunctionError = z.looseObject({
  errorType: z.string().default("Error"),
  errorMessage: z.string().default(""),
  trace: z.array(z.string()).default([]),
});

const prefix = "/2018-06-01/runtime";

/**
 * The Runtime API of one execution environment: gives a runtime one invocation after another
 * and takes its answers.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  /** Resolves when the runtime asks for work, or with the reason why it never will. */
  readonly ready: Promise<Outcome | undefined>;
  readonly #settleReady: (outcome: Outcome | undefined) => void;
  readonly #server: Server;
  readonly #arn: string;
  #poll: ServerResponse | undefined;
  #asked = Promise.withResolvers<void>();
  #current: Invocation | undefined;

  private constructor(arn: string) {
    const ready = Promise.withResolvers<Outcome | undefined>();
    this.ready = ready.promise;
    this.#settleReady = ready.resolve;
    this.#arn = arn;
    this.#server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a loopback port of its own. */
  static async listen(arn: string): Promise<RuntimeApi> {
    const api = new RuntimeApi(arn);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    api.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    await promise;
    return api;
  }

  /** `AWS_LAMBDA_RUNTIME_API`: host and port. */
  get address(): string {
    return `127.0.0.1:${portOf(this.#server.address())}`;
  }

  /** Gives the runtime this payload when it next asks; the time runs from then on. */
  invoke(payload: string, timeoutMs: number): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#current = { id: randomUUID(), payload, timeoutMs, settle: resolve };
    this.#handOver();
    return promise;
  }

  /** Resolves when the runtime asks for work again. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Ends every connection. */
  close(): void {
    clearTimeout(this.#current?.timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${(request.url ?? "").replace(prefix, "")}`;
    if (route === "GET /invocation/next") return this.#next(response);
    const body = await text(request);
    if (route === "POST /init/error") {
      this.#settleReady(failure(body));
      return accept(response);
    }
    const [, id, result] = /^POST \/invocation\/([^/]+)\/(response|error)$/.exec(route) ?? [];
    if (id === undefined || id !== this.#current?.id) return refuse(response);
    this.#settle(result === "response" ? { kind: "answered", payload: body } : failure(body));
    accept(response);
  }

  #next(response: ServerResponse): void {
    this.#poll = response;
    this.#asked.resolve();
    this.#settleReady(undefined);
    this.#handOver();
  }

  #handOver(): void {
    const [poll, current] = [this.#poll, this.#current];
    if (poll === undefined || current === undefined) return;
    this.#poll = undefined;
    this.#asked = Promise.withResolvers();
    current.timer = setTimeout(() => this.#settle({ kind: "timed-out" }), current.timeoutMs);
    const trace = current.id.replaceAll("-", "");
    poll.writeHead(200, {
      "Content-Type": "application/json",
      "Lambda-Runtime-Aws-Request-Id": current.id,
      "Lambda-Runtime-Deadline-Ms": String(Date.now() + current.timeoutMs),
      "Lambda-Runtime-Invoked-Function-Arn": this.#arn,
      "Lambda-Runtime-Trace-Id": `Root=1-${trace.slice(0, 8)}-${trace.slice(8)};Parent=${trace.slice(-16)};Sampled=0`,
    });
    poll.end(current.payload);
  }

  #settle(outcome: Outcome): void {
    clearTimeout(this.#current?.timer);
    this.#current?.settle(outcome);
    this.#current = undefined;
  }
}

function failure(body: string): Outcome {
  const { errorType, errorMessage, trace } = FunctionError.parse(JSON.parse(body));
  return { kind: "failed", errorType, message: errorMessage, trace };
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { "Content-Type": "application/json" }).end('{"status":"OK"}');
}

function refuse(response: ServerResponse): void {
  const body = { errorMessage: "No such invocation is in progress.", errorType: "InvalidRequestID" };
  response.writeHead(400, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
