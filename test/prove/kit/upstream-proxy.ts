import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { portOf } from "../../support/engines.ts";

/**
 * Where a connection to PingOne breaks: in the middle of the request, or once PingOne has begun to answer.
 */
type Break = "request" | "reply";

/** Stands before PingOne, byte for byte, and breaks connections. */
export interface UpstreamProxy {
  /** PingOne's base URL by way of the proxy. */
  readonly baseUrl: string;
  /** Breaks the next connection there. */
  breakNext(where: Break): void;
  /** Brings the next connection to that place and leaves it hanging. Resolves when it is there. */
  hangNext(where: Break): Promise<void>;
  /** Nothing that was planned happens any more. */
  clear(): void;
  /** Ends every connection there is, openly or so that only whoever uses one finds out. */
  dropAll(openly: boolean): void;
  stop(): Promise<void>;
}

interface Plan {
  readonly where: Break;
  readonly reached: (near: Socket, far: Socket) => void;
}

/** Starts a proxy on a free loopback port. */
export async function startUpstreamProxy(target: string): Promise<UpstreamProxy> {
  const url = new URL(target);
  const plans: Plan[] = [];
  const open = new Set<Socket>();
  const stale = new WeakSet<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined).once("close", () => open.delete(socket));
  };

  const server = createServer((near) => {
    const plan = plans.shift();
    const far = connect(Number(url.port), url.hostname);
    for (const socket of [near, far]) track(socket);
    near.on("data", (bytes) => {
      if (stale.has(near)) near.resetAndDestroy();
      else if (plan?.where !== "request") far.write(bytes);
      // All but the end: PingOne has read the name of the flow and never a whole request.
      else far.write(bytes.subarray(0, bytes.length - 5), () => plan.reached(near, far));
    });
    far.on("data", (bytes) => {
      if (plan?.where === "reply") plan.reached(near, far);
      else near.write(bytes);
    });
    near.once("close", () => far.destroy());
    far.once("close", () => near.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}${url.pathname}`,
    breakNext: (where) => {
      plans.push({
        where,
        reached: (near, far) => {
          near.resetAndDestroy();
          far.destroy();
        },
      });
    },
    hangNext: (where) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      plans.push({ where, reached: () => resolve() });
      return promise;
    },
    clear: () => plans.splice(0),
    dropAll: (openly) => {
      for (const socket of open) {
        stale.add(socket);
        if (openly) socket.end();
      }
    },
    stop: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}
