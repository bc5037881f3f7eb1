import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createConnections } from "../../lib/pingone/connections.ts";
import { sendHarmless } from "../../lib/pingone/harmless.ts";
import { send } from "../../lib/pingone/send.ts";
import { listen } from "../support/loopback.ts";
import { patienceMs } from "../support/patience.ts";
import { untilRead } from "../support/standing-timers.ts";

/** A peer, the connections to it, and what it has seen of them. */
async function bench(answer: RequestListener = (_incoming, outgoing) => outgoing.end("served")) {
  const sockets: Socket[] = [];
  let requests = 0;
  const http = createHttpServer((incoming, outgoing) => {
    requests += 1;
    answer(incoming, outgoing);
  });
  const waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    sockets.push(socket);
    for (const tell of waiting.splice(0)) tell();
    http.emit("connection", socket);
  });
  const url = new URL(`http://127.0.0.1:${await listen(server)}/env`);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  let now = 1_000_000;
  const connections = createConnections(url, { now: () => now });
  const outgoing = { method: "GET", url: url.href, headers: {} } as const;
  return {
    connections,
    sockets,
    requests: () => requests,
    pass: (ms: number) => {
      now += ms;
    },
    arrival: () => new Promise<void>((resolve) => waiting.push(resolve)),
    act: () => send(outgoing, patienceMs, connections.own),
    start: () => sendHarmless(outgoing, patienceMs, connections),
  };
}

type Bench = Awaited<ReturnType<typeof bench>>;

/** Begins a connection early, and waits until the peer has it. */
async function begun(one: Bench) {
  const arrival = one.arrival();
  const letGo = one.connections.prepare();
  await arrival;
  return letGo;
}

const served = { kind: "answered", body: "served" };

/** What a peer may do to a connection that nobody uses. */
const deeds: readonly (readonly [string, (socket: Socket) => unknown])[] = [
  ["closed", (socket) => socket.destroy()],
  ["half-closed", (socket) => socket.end()],
  ["reset", (socket) => socket.resetAndDestroy()],
  ["answered what nobody asked", (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")],
];

describe("an early connection", () => {
  it("serves the call that it was begun for", async () => {
    const one = await bench();
    const letGo = await begun(one);
    expect(await one.act()).toMatchObject(served);
    letGo();
    expect(one.sockets).toHaveLength(1);
  });

  it("is closed where no call follows, and serves no other", async () => {
    const one = await bench();
    const letGo = await begun(one);
    const closed = one.sockets[0] && once(one.sockets[0], "close");
    letGo();
    await closed;
    expect(await one.act()).toMatchObject(served);
    expect(one.sockets).toHaveLength(2);
  });

  it("is one at a time", async () => {
    const one = await bench();
    await begun(one);
    one.connections.prepare()();
    expect(await one.act()).toMatchObject(served);
    expect(one.sockets).toHaveLength(1);
  });

  it("is begun no more after three that went unused, until a right is proved", async () => {
    const one = await bench();
    for (const _ of [1, 2, 3]) (await begun(one))();
    one.connections.prepare()();
    expect(await one.act()).toMatchObject(served);
    expect(one.sockets).toHaveLength(4);
    one.connections.won();
    await begun(one);
    expect(await one.act()).toMatchObject(served);
    expect(one.sockets).toHaveLength(5);
  });

  it.each(deeds)("that the peer has %s is left, and the call made once", async (_, deed) => {
    const one = await bench();
    await begun(one);
    for (const socket of one.sockets) deed(socket);
    await untilRead();
    expect(await one.act()).toMatchObject(served);
    expect([one.sockets.length, one.requests()]).toEqual([2, 1]);
  });

  it("is left where the process has slept since", async () => {
    const one = await bench();
    await begun(one);
    await untilRead();
    one.pass(60_000);
    expect(await one.act()).toMatchObject(served);
    expect([one.sockets.length, one.requests()]).toEqual([2, 1]);
  });
});

describe("a kept connection", () => {
  it("serves a start that names nobody, and no call that spends", async () => {
    const one = await bench();
    await one.act();
    await one.act();
    expect(one.sockets).toHaveLength(2);
    expect(await one.start()).toMatchObject(served);
    expect(await one.start()).toMatchObject(served);
    expect([one.sockets.length, one.requests()]).toEqual([2, 4]);
  });

  it.each([
    ["two seconds", {}, 1_999, 2_000],
    ["half of what the peer says", { "keep-alive": "timeout=3" }, 1_499, 1_500],
  ])("is trusted for %s", async (_, headers, within, after) => {
    const one = await bench((_incoming, outgoing) => outgoing.writeHead(200, headers).end("served"));
    await one.act();
    one.pass(within);
    await one.start();
    expect(one.sockets).toHaveLength(1);
    one.pass(after);
    await one.start();
    expect(one.sockets).toHaveLength(2);
  });

  it("is none where the peer closes each", async () => {
    const one = await bench((_incoming, outgoing) =>
      outgoing.writeHead(200, { connection: "close" }).end("served"),
    );
    await one.act();
    await one.start();
    expect(one.sockets).toHaveLength(2);
  });

  it.each(deeds)("that the peer has %s is left for a new one", async (_, deed) => {
    const one = await bench();
    await one.act();
    for (const socket of one.sockets) deed(socket);
    await untilRead();
    expect(await one.start()).toMatchObject(served);
    expect([one.sockets.length, one.requests()]).toEqual([2, 2]);
  });

  it("that is closed in answer to a start has the start sent once more", async () => {
    let first = true;
    const one = await bench((incoming, outgoing) => {
      if (incoming.url === "/env" && one.requests() === 2 && first) {
        first = false;
        incoming.socket.resetAndDestroy();
      } else {
        outgoing.end("served");
      }
    });
    await one.act();
    expect(await one.start()).toMatchObject(served);
    expect([one.sockets.length, one.requests()]).toEqual([2, 3]);
  });

  it("that breaks in the middle of an answer has nothing sent again", async () => {
    const one = await bench((incoming, outgoing) => {
      if (one.requests() === 1) outgoing.end("served");
      else outgoing.writeHead(200, { "content-length": 9 }).write("half", () => incoming.socket.destroy());
    });
    await one.act();
    expect(await one.start()).toMatchObject({ kind: "broken", status: 200 });
    expect([one.sockets.length, one.requests()]).toEqual([1, 2]);
  });
});
