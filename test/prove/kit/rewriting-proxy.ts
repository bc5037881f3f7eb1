import { once } from "node:events";
import { request } from "node:http";
import { createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { portOf } from "../../support/engines.ts";

/** A request as it arrived, byte for byte. */
export interface Heard {
  /** Each byte as the character of that number. */
  readonly raw: string;
  readonly method: string;
  /** The target of the request line. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer on its way back; its headers are written as they are, whatever is in them. */
export interface Passed {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Stands in the place of PingOne, asks the stand-in, and answers what it likes. */
export interface RewritingProxy {
  /** PingOne's base URL, as far as the functions know. */
  readonly baseUrl: string;
  /** Every request, in order of arrival. */
  readonly heard: readonly Heard[];
  stop(): Promise<void>;
}

/** What a rewriting proxy does. */
interface Rewriting {
  /** The target that the stand-in is asked for; the one that was asked for, unless said otherwise. */
  readonly target?: (heard: Heard) => string;
  readonly rewrite: (passed: Passed, heard: Heard) => Passed;
}

/** A proxy that a stage starts. */
interface Placed {
  /** For the stage: what stands between the handlers and PingOne. */
  readonly between: (simulatorUrl: string) => Promise<RewritingProxy>;
  /** The proxy, once the stage has been built. */
  proxy(): RewritingProxy;
}

/** Has a stage start such a proxy in the place of PingOne. */
export function inPlaceOfPingOne(rewriting: Rewriting): Placed {
  let proxy: RewritingProxy | undefined;
  return {
    between: async (simulatorUrl) => {
      proxy = await startRewritingProxy(simulatorUrl, rewriting);
      return proxy;
    },
    proxy: () => {
      if (proxy === undefined) throw new Error("Nothing stands in the place of PingOne.");
      return proxy;
    },
  };
}

/** Starts a proxy on a free loopback port. */
async function startRewritingProxy(
  simulatorUrl: string,
  { target = (heard) => heard.target, rewrite }: Rewriting,
): Promise<RewritingProxy> {
  const { origin, pathname } = new URL(simulatorUrl);
  const heard: Heard[] = [];
  const open = new Set<Socket>();
  const serve = async (socket: Socket) => {
    const one = await hear(socket);
    heard.push(one);
    socket.end(written(rewrite(await ask(new URL(target(one), origin), one), one)));
  };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined).once("close", () => open.delete(socket));
    serve(socket).catch(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}${pathname}`,
    heard,
    stop: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Reads one request with a length; resolves with its last byte. */
function hear(socket: Socket): Promise<Heard> {
  const { promise, resolve, reject } = Promise.withResolvers<Heard>();
  let raw = "";
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    raw += text;
    const heard = parse(raw);
    if (heard !== undefined) resolve(heard);
  });
  socket.once("close", () => reject(new Error("The request broke off.")));
  return promise;
}

function parse(raw: string): Heard | undefined {
  const end = raw.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [first = "", ...lines] = raw.slice(0, end).split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const named = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const headers: Readonly<Record<string, string>> = Object.fromEntries(named);
  const body = raw.slice(end + 4);
  return body.length < Number(headers["content-length"] ?? 0)
    ? undefined
    : { raw, method, target, headers, body };
}

async function ask(url: URL, { method, headers, body }: Heard): Promise<Passed> {
  const { promise, resolve, reject } = Promise.withResolvers<Passed>();
  const onward = request(url, { method, headers: { ...headers, host: url.host } });
  onward.once("error", reject);
  onward.once("response", (incoming) => {
    const lines = incoming.rawHeaders.flatMap((name, index, all): [string, string][] =>
      index % 2 === 0 && !framing.includes(name.toLowerCase()) ? [[name, all[index + 1] ?? ""]] : [],
    );
    buffer(incoming).then(
      (bytes) => resolve({ status: incoming.statusCode ?? 0, headers: lines, body: bytes.toString("utf8") }),
      reject,
    );
  });
  onward.end(Buffer.from(body, "latin1"));
  return promise;
}

const framing: readonly string[] = ["connection", "content-length", "keep-alive", "transfer-encoding"];

function written({ status, headers, body }: Passed): Buffer {
  const content = Buffer.from(body, "utf8");
  const lines = [...headers, ["Content-Length", String(content.length)], ["Connection", "close"]];
  const head = `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), content]);
}
