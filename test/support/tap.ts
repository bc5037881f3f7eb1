import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { portOf } from "./engines.ts";

/**
 * Stands before a server and lets somebody hear of each request: when it arrives, and when
 * it has been answered.
 */
export interface Tap {
  /** The server's URL by way of the tap. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What was answered to a request. */
export interface Answered {
  readonly headers: NodeJS.Dict<string[]>;
  readonly text: string;
}

/** Hears of a request, with its answer when that is there; the answer goes on when it has been heard. */
export type Heard = (moment: "arrived" | "carried out", answered?: Answered) => void;

/**
 * Starts a tap on a free loopback port.
 *
 * @param dated whether the server's `Date` comes along: the AWS SDK takes a clock that a test has put forward
 * for one that is wrong, and tries again
 */
export async function startTap(target: string, heard: Heard, dated: boolean): Promise<Tap> {
  const { origin, pathname } = new URL(target);
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, reply) => {
    pass(incoming, reply, { origin, heard, dated }).catch(() => reply.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}${pathname === "/" ? "" : pathname}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  reply: ServerResponse,
  { origin, heard, dated }: { readonly origin: string; readonly heard: Heard; readonly dated: boolean },
): Promise<void> {
  const body = await buffer(incoming);
  heard("arrived");
  const { method, headers, url = "/" } = incoming;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const onward = request(new URL(url, origin), { method, headers, agent: false });
  onward.once("response", resolve).once("error", reject).end(body);
  const answer = await promise;
  reply.sendDate = false;
  const answered = await buffer(answer);
  heard("carried out", { headers: answer.headersDistinct, text: answered.toString("utf8") });
  const { date, ...named } = answer.headersDistinct;
  reply.writeHead(answer.statusCode ?? 502, dated ? { ...named, date } : named).end(answered);
}
