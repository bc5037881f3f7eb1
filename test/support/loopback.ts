import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** The port of a loopback server that lives until the test ends, with every connection it was given. */
export async function listen(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    for (const socket of sockets) {
      socket.destroy();
    }
    return closed.promise;
  });
  return portOf(server);
}

/** The URL of an HTTP server with one answer for everything. */
export async function serveHttp(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(answer))}`;
}

/** The URL of a TCP server that waits for the first bytes of a request, then does as it is told. */
export async function serveTcp(answer: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => socket.once("data", () => answer(socket)));
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A request as it came over the wire. */
export async function record(incoming: IncomingMessage) {
  return {
    method: incoming.method,
    url: incoming.url,
    headers: { ...incoming.headers },
    body: (await buffer(incoming)).toString("utf8"),
  };
}

function portOf(server: TcpServer): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("The server does not listen on a port.");
  }
  return address.port;
}
