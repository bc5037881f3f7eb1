import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { send } from "../../lib/pingone/send.ts";
import { listen, record, serveHttp, serveTcp } from "../support/loopback.ts";
import { patienceMs } from "../support/patience.ts";
import { refusedUrl } from "../support/refused-url.ts";
import { selfSigned } from "../support/self-signed.ts";

const enough = patienceMs;
const unsent = { kind: "unsent" };
const nothingArrived = { kind: "broken", headers: {}, setCookie: [] };

function get(url: string) {
  return { method: "GET" as const, url, headers: { accept: "*/*" } };
}

describe("send", () => {
  it("writes the request as it is built, on a connection of its own", async () => {
    const seen: unknown[] = [];
    const url = await serveHttp(async (incoming, outgoing) => {
      seen.push(await record(incoming));
      outgoing.end();
    });
    const body = '{"password":"p\u00e4"}';
    await send({ method: "POST", url: `${url}/a%2Fb?c=d`, headers: { "content-type": "x/y" }, body }, enough);
    expect(seen).toStrictEqual([
      {
        method: "POST",
        url: "/a%2Fb?c=d",
        headers: {
          host: new URL(url).host,
          "content-type": "x/y",
          "content-length": "18",
          connection: "close",
        },
        body,
      },
    ]);
  });

  it("gives status, headers, each Set-Cookie line and the body", async () => {
    const cookies = ["ST=1; Expires=Thu, 19 Feb 2026 19:29:00 GMT", "ST-NO-SS=1"];
    const url = await serveHttp((_incoming, outgoing) => {
      outgoing.sendDate = false;
      outgoing.writeHead(400, { "Correlation-Id": "c-1", "Set-Cookie": cookies, "Content-Length": 3 });
      outgoing.end("\u20ac");
    });
    expect(await send(get(url), enough)).toStrictEqual({
      kind: "answered",
      status: 400,
      headers: { "correlation-id": "c-1", "content-length": "3", connection: "close" },
      setCookie: cookies,
      body: "\u20ac",
    });
  });

  it("follows no redirect", async () => {
    const paths: (string | undefined)[] = [];
    const url = await serveHttp((incoming, outgoing) => {
      paths.push(incoming.url);
      outgoing.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await send(get(`${url}/resume`), enough)).toMatchObject({
      kind: "answered",
      status: 302,
      headers: { location: "/elsewhere" },
    });
    expect(paths).toStrictEqual(["/resume"]);
  });

  it("opens a connection for each call and leaves none behind", async () => {
    const closed: Promise<void>[] = [];
    const server = createTcpServer((socket) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      closed.push(promise);
      socket.once("close", () => resolve());
      socket.once("data", () => socket.write("HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"));
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    await send(get(url), enough);
    await send(get(url), enough);
    await Promise.all(closed);
    expect(closed).toHaveLength(2);
  });

  it("leaves no timer running", async () => {
    const set = vi.spyOn(globalThis, "setTimeout");
    const clear = vi.spyOn(globalThis, "clearTimeout");
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const budget = 54_321;
    await send(get(await serveTcp((socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"))), budget);
    await send(get(refusedUrl), budget);
    const started = set.mock.results.filter((_result, index) => set.mock.calls[index]?.[1] === budget);
    const cleared = clear.mock.calls.map(([timer]) => timer);
    expect(started.map(({ value }) => cleared.includes(value))).toStrictEqual([true, true]);
  });

  it("takes a body as long as the connection lasts when no length is given", async () => {
    const url = await serveTcp((socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nwhole"));
    expect(await send(get(url), enough)).toMatchObject({ kind: "answered", body: "whole" });
  });
});

describe("send proves that nothing was written", () => {
  it("when the connection is refused", async () => {
    expect(await send(get(refusedUrl), enough)).toStrictEqual(unsent);
  });

  it("when the name does not resolve", async () => {
    // A label above 63 characters is refused by the resolver itself: no name server is asked.
    expect(await send(get(`http://${"x".repeat(64)}.invalid/`), enough)).toStrictEqual(unsent);
  });

  it("when a header can't be written", async () => {
    const ended = Promise.withResolvers<number>();
    const port = await listen(
      createTcpServer((socket) => {
        socket.resume();
        socket.once("close", () => ended.resolve(socket.bytesRead));
      }),
    );
    const request = { ...get(`http://127.0.0.1:${port}/`), headers: { cookie: "a=\u20ac" } };
    expect(await send(request, enough)).toStrictEqual(unsent);
    expect(await ended.promise).toBe(0);
  });

  it("when the certificate is not trusted", async () => {
    let requests = 0;
    const server = createTlsServer(selfSigned(), () => {
      requests += 1;
    });
    const port = await listen(server);
    expect(await send(get(`https://localhost:${port}/`), enough)).toStrictEqual(unsent);
    expect(await send(get(`https://127.0.0.1:${port}/`), enough)).toStrictEqual(unsent);
    expect(requests).toBe(0);
  });

  it("when the TLS handshake is broken off", async () => {
    const port = await listen(
      createTcpServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
    );
    expect(await send(get(`https://127.0.0.1:${port}/`), enough)).toStrictEqual(unsent);
  });
});

describe("send over TLS", () => {
  it("reaches a server whose certificate is trusted", async () => {
    const { key, cert } = selfSigned();
    const trusted = getCACertificates("default");
    setDefaultCACertificates([cert]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const hosts: unknown[] = [];
    const server = createTlsServer({ key, cert }, (incoming, outgoing) => {
      hosts.push(incoming.headers.host);
      outgoing.end("secret");
    });
    const port = await listen(server);
    expect(await send(get(`https://localhost:${port}/`), enough)).toMatchObject({ body: "secret" });
    expect(hosts).toStrictEqual([`localhost:${port}`]);
  });
});

describe("send is in doubt once the connection was up", () => {
  const head =
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: ST=1; Path=/\r\nSet-Cookie: lb=2\r\n\r\n";
  const headArrived = {
    kind: "broken",
    status: 200,
    headers: { "content-length": "10" },
    setCookie: ["ST=1; Path=/", "lb=2"],
  };

  it.each<[string, (socket: Socket) => void]>([
    ["a reset before the reply", (socket) => socket.resetAndDestroy()],
    ["a close before the reply", (socket) => socket.end()],
    ["half a head", (socket) => socket.end("HTTP/1.1 200 OK\r\nSet-Coo")],
    ["something that isn't HTTP", (socket) => socket.end("220 mail.example ESMTP\r\n")],
  ])("at %s", async (_name, answer) => {
    expect(await send(get(await serveTcp(answer)), enough)).toStrictEqual(nothingArrived);
  });

  it("at a body cut short, keeping the cookies", async () => {
    const url = await serveTcp((socket) => socket.end(`${head}half`));
    expect(await send(get(url), enough)).toStrictEqual(headArrived);
  });

  it("at a last chunk that never comes, keeping the cookies", async () => {
    const chunked = head.replace("Content-Length: 10", "Transfer-Encoding: chunked");
    const url = await serveTcp((socket) => socket.end(`${chunked}4\r\nhalf\r\n`));
    expect(await send(get(url), enough)).toStrictEqual({
      ...headArrived,
      headers: { "transfer-encoding": "chunked" },
    });
  });

  it("at a body without end, long before the budget", async () => {
    const url = await serveTcp((socket) => {
      const more = () => {
        if (socket.writable) socket.write(Buffer.alloc(64 * 1024, "x"), more);
      };
      socket.write(head.replace("10", "99999999999"), more);
    });
    expect(await send(get(url), enough)).toMatchObject({ kind: "broken", setCookie: headArrived.setCookie });
  });

  it("at a reset after the head, keeping the cookies", async () => {
    const url = await serveTcp((socket) => {
      const reset = () => socket.resetAndDestroy();
      // Both ends share one event loop: after two turns the client has read what was written.
      socket.write(head, () => setImmediate(() => setImmediate(() => setImmediate(reset))));
    });
    expect(await send(get(url), enough)).toStrictEqual(headArrived);
  });

  it("at a body above 256 KB, keeping the cookies, and not at one of 256 KB", async () => {
    const serve = (bytes: number) =>
      serveHttp((_incoming, outgoing) => {
        outgoing.sendDate = false;
        outgoing.writeHead(200, { "Set-Cookie": "ST=1" }).end(Buffer.alloc(bytes, "x"));
      });
    expect(await send(get(await serve(256 * 1024 + 1)), enough)).toMatchObject({
      kind: "broken",
      status: 200,
      setCookie: ["ST=1"],
    });
    expect(await send(get(await serve(256 * 1024)), enough)).toMatchObject({ kind: "answered", status: 200 });
  });
});
