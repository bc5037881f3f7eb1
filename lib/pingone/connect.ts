import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** One of the places where a host can be reached. */
export interface Endpoint {
  /** An IPv4 or IPv6 address. */
  readonly address: string;
  readonly port: number;
}

/** Every endpoint of a host, the preferred first. */
export type Resolve = (host: string, port: number) => Promise<readonly Endpoint[]>;

/** By the machine's own resolver, in its order (RFC 6724). */
export const resolveHost: Resolve = async (host, port) => {
  const found = await lookup(host, { all: true, order: "verbatim" });
  return found.map(({ address }) => ({ address, port }));
};

/** From one attempt to the next while nothing has come of the first (RFC 8305 §5): milliseconds. */
const attemptDelayMs = 250;
/** A name may have hundreds of addresses. */
const maxAddresses = 12;

/** Said here, so that no environment variable of the process says otherwise. */
const tls = { ALPNProtocols: ["http/1.1"], minVersion: "TLSv1.2", rejectUnauthorized: true } as const;

/**
 * A socket that is ready for the first byte of HTTP, or nothing: over https with the handshake done and the
 * certificate held against the URL's host.
 *
 * A host with several addresses is tried at each of them (RFC 8305): a further attempt begins after 250 ms,
 * or as soon as another has failed, and none is given up before the budget ends. Node's own choice among
 * addresses gives each but the last 250 ms. The first attempt that is ready is taken, and the others are
 * closed.
 *
 * @param budget ends every attempt, and the socket that was taken too
 */
export async function connect(url: URL, budget: AbortSignal, resolve: Resolve): Promise<Socket | undefined> {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const endpoints = await unlessAborted(resolve(host, port), budget);
  const servername = isIP(host) === 0 ? host : "";
  const dial = secure
    ? ({ address, port: at }: Endpoint) => connectTls({ host: address, port: at, servername, ...tls })
    : ({ address, port: at }: Endpoint) => connectTcp({ host: address, port: at });
  return firstReady(interleaved(endpoints), dial, secure ? "secureConnect" : "connect", budget);
}

/** Rejects when the budget ends first: a resolver can't be told to stop. */
async function unlessAborted<Value>(work: Promise<Value>, budget: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const give = () => reject(budget.reason);
  budget.addEventListener("abort", give, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    budget.removeEventListener("abort", give);
  }
}

/** In turn from each family, beginning with that of the first (RFC 8305 §4). */
export function interleaved(endpoints: readonly Endpoint[]): Endpoint[] {
  const families = [...Map.groupBy(endpoints, ({ address }) => isIP(address)).values()];
  return endpoints
    .flatMap((_endpoint, turn) => families.flatMap((family) => family.slice(turn, turn + 1)))
    .slice(0, maxAddresses);
}

type Dial = (endpoint: Endpoint) => Socket;

function firstReady(
  endpoints: readonly Endpoint[],
  dial: Dial,
  ready: "connect" | "secureConnect",
  budget: AbortSignal,
): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const waiting = [...endpoints];
  const attempts = new Set<Socket>();
  let timer: NodeJS.Timeout | undefined;

  const settle = (chosen?: Socket) => {
    clearTimeout(timer);
    waiting.length = 0;
    for (const socket of attempts) {
      if (socket !== chosen) socket.destroy();
    }
    resolve(chosen);
  };
  const attempt = (endpoint: Endpoint) => {
    const socket = dial(endpoint);
    attempts.add(socket);
    socket.on("error", ignore);
    socket.once(ready, () => settle(socket));
    socket.once("close", () => {
      attempts.delete(socket);
      next();
    });
  };
  const next = () => {
    clearTimeout(timer);
    const endpoint = waiting.shift();
    if (endpoint === undefined) {
      if (attempts.size === 0) settle();
      return;
    }
    timer = setTimeout(next, attemptDelayMs);
    attempt(endpoint);
  };

  budget.addEventListener("abort", () => settle(), { once: true });
  next();
  return promise;
}

/** An `error` is always followed by `close`, which is what we go by; unheard it would end the process. */
function ignore(): void {}
