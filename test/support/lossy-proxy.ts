import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { portOf } from "./engines.ts";

/** A proxy in front of a server that can lose replies after the server has acted. */
export interface LossyProxy {
  readonly endpoint: string;
  /** Breaks the connection in the place of the next reply. */
  loseNextReply(): void;
  /** The same, once so many replies have gone through. */
  loseReply(after: number): void;
  /** The operations of the requests that came in since this was last asked. */
  operations(): readonly string[];
  stop(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startLossyProxy(target: string): Promise<LossyProxy> {
  let losses = 0;
  let spared = 0;
  let seen: string[] = [];

  const finish = async (answer: IncomingMessage, reply: ServerResponse) => {
    const body = await answer.toArray();
    if (spared > 0) {
      spared -= 1;
    } else if (losses > 0) {
      losses -= 1;
      reply.destroy();
      return;
    }
    reply.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(body));
  };

  const server = createServer((incoming, reply) => {
    const { method, headers, url = "/" } = incoming;
    seen.push(String(headers["x-amz-target"]).replace(/^.*\./, ""));
    const onward = request(new URL(url, target), { method, headers, agent: false });
    onward.once("response", (answer) => finish(answer, reply).catch(() => reply.destroy()));
    onward.once("error", () => reply.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    endpoint: `http://127.0.0.1:${portOf(server.address())}`,
    loseNextReply: () => {
      losses += 1;
    },
    loseReply: (after) => {
      spared = after;
      losses += 1;
    },
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
