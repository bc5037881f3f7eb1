import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { connect, resolveHost } from "./connect.ts";
import { decoded } from "./content-coding.ts";
import type { UpstreamRequest } from "./requests.ts";

/** What came back, as far as it came; judging it is left to the parsers. */
export type Exchange = HttpAnswer | BrokenExchange | { readonly kind: "unsent" };

/** A whole answer, whatever it says. */
export interface HttpAnswer {
  readonly kind: "answered";
  readonly status: number;
  /** By lower-case name, `Set-Cookie` apart; one that came twice contradicts itself, and is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `Set-Cookie` lines, one a cookie. */
  readonly setCookie: readonly string[];
  /** Without the codings that it came in, decoded as UTF-8. */
  readonly body: string;
}

/**
 * The connection was up, so PingOne may have read the request; status and headers only when the head had
 * arrived.
 */
interface BrokenExchange {
  readonly kind: "broken";
  readonly status?: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookie: readonly string[];
}

/** Of a body as it came, and again without its codings. */
const maxBodyBytes = 256 * 1024;
/** All that a connection may bring: interim answers and the framing of chunks count for nothing but time. */
const maxWireBytes = 2 * maxBodyBytes;
const maxHeadBytes = 16 * 1024;

/** Where an exchange has its connection from, and who has it afterwards. */
export interface Line {
  /** A connection that is ready for the first byte, or nothing: the budget is over, or there is none. */
  open(url: URL, budget: AbortSignal): Promise<Socket | undefined>;
  /**
   * Takes over a connection that can serve another exchange. Without this it is closed.
   *
   * @param timeoutMs how long PingOne says that it keeps it
   */
  readonly keep?: (socket: Socket, timeoutMs: number) => void;
}

/** A new connection for each exchange, which is closed after it. */
const ownLine: Line = { open: (url, budget) => connect(url, budget, resolveHost) };

/**
 * One HTTP exchange: never a second try, never a redirect followed. Whether the connection is a new one
 * is the line's to say: on one that has gone stale nobody can tell whether the request was read.
 *
 * The connection is brought up first and the request written after, so `unsent` is a proof: name not
 * resolved, connection refused, TLS not agreed on, or the time over before that, at every address of the
 * host. From then on whatever fails (time-out, reset, half a body, a head above 16 KB, a body above 256 KB, a
 * coding that can't be undone, more than 512 KB in all, another protocol) is `broken`. Never throws, and
 * leaves no timer behind, and no socket but one that the line keeps.
 *
 * @param budgetMs from resolving the host's name to the last byte: milliseconds
 */
export async function send(
  outgoing: UpstreamRequest,
  budgetMs: number,
  line: Line = ownLine,
): Promise<Exchange> {
  const budget = new AbortController();
  const timer = setTimeout(() => budget.abort(), budgetMs);
  let socket: Socket | undefined;
  budget.signal.addEventListener("abort", () => socket?.destroy(), { once: true });
  try {
    const url = new URL(outgoing.url);
    socket = await line.open(url, budget.signal);
    if (socket === undefined || budget.signal.aborted) return { kind: "unsent" };
    const { exchanged, keptMs } = await exchange(outgoing, url, { socket, isKept: line.keep !== undefined });
    if (keptMs !== undefined && line.keep !== undefined) {
      line.keep(socket, keptMs);
      socket = undefined;
    }
    return exchanged;
  } catch {
    // A name that isn't resolved, or a header that can't be written: before anything was.
    return { kind: "unsent" };
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

/** Said here, so that no environment variable of the process says otherwise. */
const http = { maxHeaderSize: maxHeadBytes, insecureHTTPParser: false } as const;

/** How an exchange ended. */
interface Ending {
  readonly exchanged: Exchange;
  /** How long the connection can serve another: milliseconds; absent where it can't. */
  readonly keptMs?: number | undefined;
}

function exchange(
  outgoing: UpstreamRequest,
  url: URL,
  { socket, isKept }: { readonly socket: Socket; readonly isKept: boolean },
): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  let head: Omit<BrokenExchange, "kind"> = { headers: {}, setCookie: [] };
  const message = request({
    method: outgoing.method,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...outgoing.headers, connection: isKept ? "keep-alive" : "close" },
    createConnection: () => socket,
    ...http,
  });
  message.on("error", ignore);
  // Not before: a socket that is listened to while nobody parses would lose what comes.
  message.once("socket", () => limitWire(message, socket));
  message.once("close", () => resolve({ exchanged: { kind: "broken", ...head } }));
  message.once("response", (incoming) => {
    const lines = linesOf(incoming);
    const arrived = headOf(incoming, lines);
    head = arrived;
    const codings = valuesOf(lines, "content-encoding").join();
    collect(incoming, { socket, codings }, (body) =>
      resolve({
        exchanged: { kind: "answered", ...arrived, body },
        keptMs: isKept && message.shouldKeepAlive ? keptFor(valuesOf(lines, "keep-alive").join()) : undefined,
      }),
    );
  });
  message.end(outgoing.body);
  return promise;
}

function collect(
  incoming: IncomingMessage,
  { socket, codings }: { readonly socket: Socket; readonly codings: string },
  done: (body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  incoming.on("error", ignore);
  incoming.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBodyBytes) {
      socket.destroy();
    } else {
      chunks.push(chunk);
    }
  });
  // Node ends only a whole body; one cut short is destroyed instead.
  incoming.once("end", () => {
    const body = length > maxBodyBytes ? undefined : decoded(Buffer.concat(chunks), codings, maxBodyBytes);
    if (body === undefined) {
      socket.destroy();
    } else {
      done(body.toString("utf8"));
    }
  });
}

function limitWire(message: ClientRequest, socket: Socket): void {
  let length = 0;
  const count = (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxWireBytes) socket.destroy();
  };
  socket.on("data", count);
  message.once("close", () => socket.off("data", count));
}

/** What `Keep-Alive` says (RFC 2068 §19.7.1): milliseconds; for ever where it says nothing. */
function keptFor(header: string): number {
  const seconds = /\btimeout=(\d{1,6})/i.exec(header)?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
}

interface HeaderLine {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** As they came: the objects that Node makes of them are of names that PingOne chose. */
function linesOf({ rawHeaders }: IncomingMessage): HeaderLine[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [{ name: name.toLowerCase(), value: rawHeaders[index + 1] ?? "" }] : [],
  );
}

function valuesOf(lines: readonly HeaderLine[], name: string): string[] {
  return lines.filter((line) => line.name === name).map(({ value }) => value);
}

function headOf(
  { statusCode = 0 }: IncomingMessage,
  lines: readonly HeaderLine[],
): Omit<BrokenExchange, "kind"> & { status: number } {
  const byName = Map.groupBy(lines, ({ name }) => name);
  byName.delete("set-cookie");
  const single = [...byName].flatMap(([name, [first, ...others]]) =>
    first === undefined || others.length > 0 ? [] : [[name, first.value]],
  );
  return {
    status: statusCode,
    headers: Object.fromEntries(single),
    setCookie: valuesOf(lines, "set-cookie"),
  };
}

/** An `error` is always followed by `close`, which is what we go by; unheard it would end the process. */
function ignore(): void {}
