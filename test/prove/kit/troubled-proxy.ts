import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { portOf } from "../../support/engines.ts";

/**
 * What befalls a request on its way. `late`: it arrives only after the next one has been answered, and nobody
 * hears its answer. `slow`: it is answered only once nobody waits any more.
 */
export const ways = ["through", "unreached", "lost", "cut", "doubled", "late", "slow"] as const;

/** One of {@link ways}. */
export type Way = (typeof ways)[number];

/** Stands before the API and gives requests trouble. */
export interface TroubledProxy {
  readonly url: string;
  /** Resolves when what came too late has arrived as well. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/**
 * Starts it on a free loopback port.
 *
 * @param wayOf what befalls the next request
 * @param hangUp has the client give up waiting
 */
export async function startTroubledProxy(
  target: string,
  wayOf: () => Way,
  hangUp: () => void,
): Promise<TroubledProxy> {
  let late: Received[] = [];
  const onward = new Set<Promise<unknown>>();
  const forward = (one: Received) => {
    const answered = send(target, one);
    onward.add(answered);
    return answered.finally(() => onward.delete(answered));
  };
  const arrive = () => {
    const arriving = late;
    late = [];
    return Promise.all(arriving.map(forward));
  };

  const answer: Readonly<Record<Way, (one: Received, reply: ServerResponse) => Promise<void>>> = {
    through: async (one, reply) => {
      write(reply, await forward(one));
      await arrive();
    },
    unreached: async (_, reply) => void reply.destroy(),
    lost: async (one, reply) => {
      await forward(one);
      reply.destroy();
    },
    cut: async (one, reply) => cutOff(reply, await forward(one)),
    doubled: async (one, reply) => {
      const both = [forward(one), forward(one)];
      write(reply, await Promise.race(both));
      await Promise.all(both);
    },
    late: async (one, reply) => {
      late.push(one);
      await givenUp(reply, hangUp);
    },
    slow: async (one, reply) => {
      await forward(one);
      await givenUp(reply, hangUp);
    },
  };

  const server = createServer({ keepAliveTimeout: 0 }, (incoming, reply) => {
    receive(incoming)
      .then((one) => answer[wayOf()](one, reply))
      .catch(() => reply.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    settled: async () => {
      await arrive();
      await Promise.allSettled(onward);
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<Received> {
  const { method = "GET", url: path = "/", headers } = incoming;
  return { method, path, headers, body: await buffer(incoming) };
}

async function send(target: string, { method, path, headers, body }: Received): Promise<Answered> {
  const onward = request(new URL(path, target), { method, headers, agent: false });
  onward.end(body);
  const [answer]: IncomingMessage[] = await once(onward, "response");
  if (answer === undefined) throw new Error("The API gave no answer.");
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) };
}

function write(reply: ServerResponse, { status, headers, body }: Answered): void {
  reply.writeHead(status, headers).end(body);
}

/** The head and half of the body, then nothing. An answer without a body is lost whole. */
async function cutOff(reply: ServerResponse, { status, headers, body }: Answered): Promise<void> {
  if (body.length === 0) {
    reply.destroy();
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const { "transfer-encoding": _, ...others } = headers;
  reply.writeHead(status, { ...others, "content-length": String(body.length) });
  reply.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve());
  await promise;
  reply.destroy();
}

async function givenUp(reply: ServerResponse, hangUp: () => void): Promise<void> {
  const closed = once(reply, "close");
  hangUp();
  await closed;
}
