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
  /** Breaks the connection of the next request there. */
  breakNext(where: Break): void;
  /** Brings the next request to that place and leaves its connection hanging. Resolves when it is there. */
  hangNext(where: Break): Promise<void>;
  /** Nothing that was planned happens any more. */
  clear(): void;
  /** Does something to every connection that is open. */
  toEach(deed: PeerDeed): void;
  /** Resolves at the next connection. */
  arrival(): Promise<void>;
  /** Ends every connection there is, openly or so that only whoever uses one finds out. */
  dropAll(openly: boolean): void;
  stop(): Promise<void>;
}

/** What a peer may do to a connection while nothing is sent on it. */
export const peerDeeds = [
  ...(["closes", "half-closes", "resets", "answers nothing", "answers again"] as const),
  ...(["forgets", "closes as it is asked"] as const),
] as const;

/** One of them. */
export type PeerDeed = (typeof peerDeeds)[number];

/** Nobody can notice these before the request is on its way. */
export const unnoticed: readonly PeerDeed[] = ["forgets", "closes as it is asked"];

const doing: Readonly<Record<PeerDeed, (socket: Socket, answered: Buffer) => unknown>> = {
  closes: (socket) => socket.destroy(),
  "half-closes": (socket) => socket.end(),
  resets: (socket) => socket.resetAndDestroy(),
  "answers nothing": (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
  // What somebody was told before.
  "answers again": (socket, answered) => socket.write(answered),
  "closes as it is asked": (socket) => socket.removeAllListeners("data").once("data", () => socket.end()),
  // Only whoever sends something finds out.
  forgets: (socket) => socket.prependListener("data", () => socket.resetAndDestroy()),
};

interface Plan {
  readonly where: Break;
  readonly reached: (near: Socket, far: Socket) => void;
}

/** Starts a proxy on a free loopback port. */
export async function startUpstreamProxy(target: string): Promise<UpstreamProxy> {
  const url = new URL(target);
  const plans: Plan[] = [];
  const open = new Set<Socket>();
  const nears = new Set<Socket>();
  let arrived = Promise.withResolvers<void>();
  let answered: Buffer = Buffer.alloc(0);
  const stale = new WeakSet<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined).once("close", () => open.delete(socket));
  };

  // What a peer says is to be there at once, and not when what it said before is acknowledged.
  const server = createServer({ noDelay: true }, (near) => {
    // A connection may be begun early and let go, or serve several requests: a plan is for a request.
    let plan: Plan | undefined;
    let isAsking = false;
    const far = connect(Number(url.port), url.hostname);
    for (const socket of [near, far]) track(socket);
    nears.add(near);
    near.once("close", () => nears.delete(near));
    arrived.resolve();
    near.on("data", (bytes) => {
      if (!isAsking) plan = plans.shift();
      isAsking = true;
      if (!near.destroyed) passOn(bytes, plan);
    });
    const passOn = (bytes: Buffer, current: Plan | undefined) => {
      if (stale.has(near)) near.resetAndDestroy();
      else if (current?.where !== "request") far.write(bytes);
      // All but the end: PingOne has read the name of the flow and never a whole request.
      else far.write(bytes.subarray(0, bytes.length - 5), () => current.reached(near, far));
    };
    far.on("data", (bytes) => {
      answered = isAsking ? bytes : Buffer.concat([answered, bytes]);
      isAsking = false;
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
    toEach: (deed) => {
      for (const socket of nears) doing[deed](socket, answered);
    },
    arrival: () => {
      arrived = Promise.withResolvers<void>();
      return arrived.promise;
    },
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
