import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { portOf } from "../../support/engines.ts";

/** One call as the limiter saw it. Times are epoch milliseconds. */
export interface LimitedCall {
  readonly tag: string;
  readonly at: number;
  /** When its 429 went out; absent for a call that was let through. */
  readonly refusedAt?: number;
}

/** Stands before PingOne and lets so many calls a second through, as its rate limits do. */
export interface Limiter {
  readonly baseUrl: string;
  readonly calls: readonly LimitedCall[];
  /**
   * Until this is said, everything is let through; then whoever comes too often has to wait
   * for so many seconds.
   */
  allow(perSecond: number, retryAfterS: number): void;
  stop(): Promise<void>;
}

/** Starts a limiter on a free loopback port. */
export async function startLimiter(target: string): Promise<Limiter> {
  let perSecond = Number.POSITIVE_INFINITY;
  let waitS = 0;
  const calls: LimitedCall[] = [];
  const url = new URL(target);
  let second = 0;
  let used = 0;

  const isAllowed = (now: number) => {
    const current = Math.floor(now / 1000);
    used = current === second ? used + 1 : 1;
    second = current;
    return used <= perSecond;
  };

  const serve = async (incoming: IncomingMessage, reply: ServerResponse) => {
    const at = Date.now();
    const tag = incoming.headers["user-agent"] ?? "";
    const body = await buffer(incoming);
    if (!isAllowed(at)) {
      const refusal = { code: "REQUEST_LIMITED", details: [{ code: "LIMIT_EXCEEDED" }] };
      reply.writeHead(429, { "retry-after": String(waitS), "content-type": "application/json" });
      reply.end(JSON.stringify(refusal));
      calls.push({ tag, at, refusedAt: Date.now() });
      return;
    }
    calls.push({ tag, at });
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? "/", url), { method, headers, agent: false });
    onward.once("error", () => reply.destroy());
    onward.once("response", (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headersDistinct);
      answer.pipe(reply);
    });
    onward.end(body);
  };

  const server = createServer({ keepAliveTimeout: 0 }, (incoming, reply) => {
    serve(incoming, reply).catch(() => reply.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}${url.pathname}`,
    calls,
    allow: (count, retryAfterS) => {
      perSecond = count;
      waitS = retryAfterS;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
