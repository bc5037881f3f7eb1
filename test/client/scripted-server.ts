import { expect } from "vitest";
import { fromBase64url } from "../../lib/client/bytes.ts";
import type { FetchedReply, FetchInit, Platform } from "../../lib/client/platform.ts";
import type { VectorAnswer, VectorRequest } from "./vectors.ts";

/** Where the server of the vectors is. */
export const scriptedUrl = "https://sign-on.example.com";

/** By what a client's own time limit is told from its pauses: milliseconds. */
export const scriptedTimeoutMs = 12_345_678;

interface Exchange {
  readonly sent: VectorRequest;
  readonly answer: VectorAnswer;
}

/** A server that gives its answers by heart, and holds each request against the one that is due. */
export class ScriptedServer {
  readonly #exchanges: Exchange[] = [];
  readonly #verifier: string;
  #waitedMs = 0;
  #keys = new Map<string, number>();
  /** Milliseconds. */
  now = 0;

  constructor(verifier: string) {
    this.#verifier = verifier;
  }

  /** What comes next. */
  expect(exchanges: readonly Exchange[]): void {
    this.#exchanges.push(...exchanges);
  }

  /** How much was not asked for. */
  get left(): number {
    return this.#exchanges.length;
  }

  /** How often each key of a start was sent. */
  get keys(): readonly number[] {
    return [...this.#keys.values()];
  }

  /** What the client runs on: pauses are over at once, and are counted. */
  get platform(): Partial<Platform> {
    return {
      fetch: (url, init) => this.#answer(url, init),
      randomBytes: (count) =>
        count === 32 ? fromBase64url(this.#verifier) : crypto.getRandomValues(new Uint8Array(count)),
      now: () => this.now,
      after: (milliseconds, work) => {
        if (milliseconds !== scriptedTimeoutMs) {
          this.#waitedMs += milliseconds;
          queueMicrotask(work);
        }
        return () => undefined;
      },
    };
  }

  async #answer(url: string, init: FetchInit): Promise<FetchedReply> {
    const due = this.#exchanges.shift();
    expect(requestOf(url, init)).toEqual(due === undefined ? "nothing" : withoutWait(due.sent));
    expect(this.#waitedMs).toBeGreaterThanOrEqual((due?.sent.afterSeconds ?? 0) * 1_000);
    this.#waitedMs = 0;
    const key = init.headers["Idempotency-Key"];
    if (key !== undefined) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    return replyOf(due?.answer ?? "none");
  }
}

function requestOf(url: string, { method, headers, body, credentials }: FetchInit) {
  const { Authorization: authorization } = headers;
  expect(credentials === "include" && authorization !== undefined).toBe(false);
  return {
    method,
    path: url.slice(scriptedUrl.length),
    token: authorization?.replace(/^Bearer /, "") ?? null,
    ...(body === undefined ? {} : { body: JSON.parse(body) }),
  };
}

function withoutWait({ afterSeconds: _, ...sent }: VectorRequest) {
  return sent;
}

function replyOf(answer: VectorAnswer): FetchedReply {
  if (answer === "none") throw new TypeError("fetch failed");
  const { http, body, text, retryAfter } = answer === "cut" ? { http: 200 } : { ...noBody, ...answer };
  const headers = new Map(retryAfter === undefined ? [] : [["retry-after", String(retryAfter)]]);
  return {
    status: http,
    headers: { get: (name) => headers.get(name.toLowerCase()) ?? null },
    text: async () => {
      if (answer === "cut") throw new TypeError("terminated");
      return text ?? (body === undefined ? "" : JSON.stringify(body));
    },
  };
}

const noBody = { body: undefined, text: undefined, retryAfter: undefined };
