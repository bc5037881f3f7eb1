import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { portOf } from "./engines.ts";
import { Losses } from "./losses.ts";

/** A proxy in front of a server that can lose replies after the server has acted. */
export interface LossyProxy {
  readonly endpoint: string;
  /**
   * Breaks the connection in the place of the next reply, or of the next to that operation; once something
   * else has been done, if there is.
   */
  loseNextReply(operation?: string, meanwhile?: () => Promise<unknown>): void;
  /** Breaks the connection in the place of a reply, once so many have gone through. */
  loseReply(after: number): void;
  /** The operations of the requests that came in since this was last asked. */
  operations(): readonly string[];
  stop(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const losses = new Losses();
  let seen: string[] = [];

  const finish = async (operation: string, answer: IncomingMessage, reply: ServerResponse) => {
    const body = await answer.toArray();
    const loss = losses.take(operation);
    if (loss !== undefined) {
      await loss.meanwhile?.();
      reply.destroy();
      return;
    }
    reply.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(body));
  };

  const server = createServer({ keepAliveTimeout: 0 }, (incoming, reply) => {
    const { method, headers, url = "/" } = incoming;
    const operation = String(headers["x-amz-target"]).replace(/^.*\./, "");
    seen.push(operation);
    const onward = request(new URL(url, target), { method, headers, agent: false });
    onward.once("response", (answer) => finish(operation, answer, reply).catch(() => reply.destroy()));
    onward.once("error", () => reply.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    endpoint: `http://127.0.0.1:${portOf(server.address())}`,
    loseNextReply: (operation, meanwhile) => losses.next({ operation, meanwhile }),
    loseReply: (after) => losses.after(after),
    operations: () => {
      const operations = seen;
      seen = [];
      return operations;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
