import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import * as z from "zod";
import { portOf } from "../../support/engines.ts";

/**
 * A write as the wire shows it: the claim, the one that ends it, the take-over that settles it,
 * or a limit's count.
 */
export type EngineWrite = "claim" | "ending" | "limit" | "settling";

/**
 * What can befall a write: it never arrives, its reply is lost after it was made, or the engine throttles.
 */
export type Mishap = "unreached" | "reply-lost" | "throughput-exceeded" | "throttled";

/** Stands before an engine and lets writes go wrong. */
export interface EngineProxy {
  readonly endpoint: string;
  /** The next so many writes of the kind go wrong. */
  plan(write: EngineWrite, mishap: Mishap, times: number): void;
  /** Something is done once the next write of the kind has been made, and before its reply goes out. */
  meanwhile(write: EngineWrite, act: () => Promise<void>): void;
  /** Nothing that was planned happens any more. */
  clear(): void;
  /** How often something has gone wrong. */
  readonly mishaps: number;
  /**
   * Ends every connection there is, openly or so that only whoever uses one finds out. Gives
   * how many there were.
   */
  dropAll(openly: boolean): number;
  stop(): Promise<void>;
}

const Conditional = z.object({ ConditionExpression: z.string() });

function writeOf(target: string, body: Buffer): EngineWrite | undefined {
  // Nothing but limits is written by transactions.
  if (target.endsWith(".TransactWriteItems")) return "limit";
  if (!target.endsWith(".UpdateItem")) return undefined;
  const condition = Conditional.safeParse(JSON.parse(body.toString("utf8"))).data?.ConditionExpression ?? "";
  if (condition.includes("contains(#next")) return "claim";
  // The count of what a superseded token is tried with belongs to no claim.
  if (condition.includes("#previous")) return undefined;
  return condition.includes("#deadline > ") ? "settling" : "ending";
}

const throttles: Readonly<Record<"throughput-exceeded" | "throttled", string>> = {
  "throughput-exceeded": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
  throttled: "com.amazon.coral.availability#ThrottlingException",
};

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function throttle(type: string): Forwarded {
  const body = Buffer.from(JSON.stringify({ __type: type, message: "Too much at once." }));
  return { status: 400, headers: { "content-type": "application/x-amz-json-1.0" }, body };
}

/** Starts a proxy on a free loopback port. */
export async function startEngineProxy(engine: string): Promise<EngineProxy> {
  const plans: { readonly write: EngineWrite; readonly mishap: Mishap; left: number }[] = [];
  const open = new Set<Socket>();
  const stale = new WeakSet<Socket>();
  const deeds = new Map<EngineWrite, () => Promise<void>>();
  let mishaps = 0;

  const take = (write: EngineWrite | undefined): Mishap | undefined => {
    const plan = plans.find((one) => one.write === write && one.left > 0);
    if (plan === undefined) return undefined;
    plan.left -= 1;
    mishaps += 1;
    return plan.mishap;
  };

  const forward = async (incoming: IncomingMessage, body: Buffer): Promise<Forwarded> => {
    const onward = request(new URL(incoming.url ?? "/", engine), {
      method: incoming.method,
      headers: incoming.headers,
      agent: false,
    });
    onward.end(body);
    const [answer] = await once(onward, "response");
    if (!(answerIsMessage(answer) && answer.statusCode !== undefined)) throw new Error("No answer came.");
    return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  };

  const answerTo = async (incoming: IncomingMessage, body: Buffer): Promise<Forwarded | undefined> => {
    const write = writeOf(String(incoming.headers["x-amz-target"]), body);
    const mishap = take(write);
    const deed = write && deeds.get(write);
    if (write !== undefined && deed !== undefined) {
      deeds.delete(write);
      const answer = await forward(incoming, body);
      await deed();
      return answer;
    }
    switch (mishap) {
      case "unreached":
        return undefined;
      case "reply-lost":
        await forward(incoming, body);
        return undefined;
      case "throttled":
      case "throughput-exceeded":
        return throttle(throttles[mishap]);
      case undefined:
        return forward(incoming, body);
    }
  };

  const serve = async (incoming: IncomingMessage, reply: ServerResponse) => {
    const answer = stale.has(incoming.socket) ? undefined : await answerTo(incoming, await buffer(incoming));
    if (answer === undefined) incoming.socket.destroy();
    else reply.writeHead(answer.status, answer.headers).end(answer.body);
  };

  const server = createServer({ keepAliveTimeout: 0 }, (incoming, reply) => {
    serve(incoming, reply).catch(() => incoming.socket.destroy());
  });
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined).once("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    endpoint: `http://127.0.0.1:${portOf(server.address())}`,
    plan: (write, mishap, times) => plans.push({ write, mishap, left: times }),
    meanwhile: (write, act) => deeds.set(write, act),
    clear: () => {
      plans.splice(0);
      deeds.clear();
    },
    get mishaps() {
      return mishaps;
    },
    dropAll: (openly) => {
      for (const socket of open) {
        stale.add(socket);
        if (openly) socket.end();
      }
      return open.size;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answerIsMessage(answer: unknown): answer is IncomingMessage {
  return answer !== null && typeof answer === "object" && "statusCode" in answer;
}
