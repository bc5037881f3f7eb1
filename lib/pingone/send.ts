import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { connect, type Resolve, resolveHost } from "./connect.ts";
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

/**
 * One HTTP exchange on a connection of its own: never a second try, never a redirect followed, never a kept
 * socket, because a stale one can't tell whether the request was read.
 *
 * The connection is brought up first and the request written after, so `unsent` is a proof: name not
 * resolved, connection refused, TLS not agreed on, or the time over before that, at every address of the
 * host. From then on whatever fails (time-out, reset, half a body, a head above 16 KB, a body above 256 KB, a
 * coding that can't be undone, more than 512 KB in all, another protocol) is `broken`. Never throws, and
 * leaves neither timer nor socket behind.
 *
 * @param budgetMs from resolving the host's name to the last byte: milliseconds
 * @param resolve where the host is
 */
export async function send(
  outgoing: UpstreamRequest,
  budgetMs: number,
  resolve: Resolve = resolveHost,
): Promise<Exchange> {
  const budget = new AbortController();
  const timer = setTimeout(() => budget.abort(), budgetMs);
  let socket: Socket | undefined;
  try {
    const url = new URL(outgoing.url);
    socket = await connect(url, budget.signal, resolve);
    return socket === undefined ? { kind: "unsent" } : await exchange(outgoing, url, socket);
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

function exchange(outgoing: UpstreamRequest, url: URL, socket: Socket): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  let head: Omit<BrokenExchange, "kind"> = { headers: {}, setCookie: [] };
  const message = request({
    method: outgoing.method,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...outgoing.headers },
    createConnection: () => socket,
    ...http,
  });
  message.on("error", ignore);
  // Not before: a socket that is listened to while nobody parses would lose what comes.
  message.once("socket", limitWire);
  message.once("close", () => resolve({ kind: "broken", ...head }));
  message.once("response", (incoming) => {
    const lines = linesOf(incoming);
    const arrived = headOf(incoming, lines);
    head = arrived;
    const codings = valuesOf(lines, "content-encoding").join();
    collect(incoming, { socket, codings }, (body) => resolve({ kind: "answered", ...arrived, body }));
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

function limitWire(socket: Socket): void {
  let length = 0;
  socket.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxWireBytes) socket.destroy();
  });
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
