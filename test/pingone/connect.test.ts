import { createServer as createTlsServer } from "node:https";
import { connect as connectTcp, createServer as createTcpServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { connect, type Endpoint, interleaved, type Resolve } from "../../lib/pingone/connect.ts";
import { type Line, send } from "../../lib/pingone/send.ts";
import { listen } from "../support/loopback.ts";
import { patienceMs } from "../support/patience.ts";
import { refusedUrl } from "../support/refused-url.ts";
import { selfSigned } from "../support/self-signed.ts";
import { standTimers, untilRead } from "../support/standing-timers.ts";

const enough = patienceMs;
const unsent = { kind: "unsent" };
const served = { kind: "answered", body: "served" };
const address = "127.0.0.1";

const trusted = selfSigned();
beforeAll(() => {
  const before = getCACertificates("default");
  setDefaultCACertificates([trusted.cert]);
  return () => setDefaultCACertificates(before);
});

function lineOf(resolve: Resolve): Line {
  return { open: (url, budget) => connect(url, budget, resolve) };
}

/** One address of a host. */
interface Place {
  readonly endpoint: Endpoint;
  readonly attempts: () => number;
  readonly requests: () => number;
  /** Resolves at the first connection. */
  readonly tried: Promise<void>;
  /** Resolves when the first connection is closed. */
  readonly closed: Promise<void>;
}

/** Accepts connections, and passes them on to a server once it is let. */
async function placeBefore(server: number | undefined, opened: Promise<unknown>): Promise<Place> {
  let attempts = 0;
  const tried = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const front = createTcpServer((socket) => {
    attempts += 1;
    socket.once("close", () => closed.resolve());
    tried.resolve();
    if (server === undefined) {
      socket.resume();
      return;
    }
    const passOn = () => {
      const onward = connectTcp(server, address);
      onward.on("error", () => socket.destroy());
      // Nobody reads on when the pipe has gone, and the end of a connection is read like anything else.
      onward.once("close", () => socket.resume());
      socket.once("close", () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    };
    opened.then(passOn, () => socket.destroy());
  });
  const endpoint = { address, port: await listen(front) };
  return {
    endpoint,
    attempts: () => attempts,
    requests: () => 0,
    tried: tried.promise,
    closed: closed.promise,
  };
}

/** Accepts connections and never says a word: with TLS, no address is more silent. */
function silent(): Promise<Place> {
  return placeBefore(undefined, Promise.resolve());
}

/** Serves HTTPS once it is let, with a certificate for `localhost`. */
async function serving(opened: Promise<unknown> = Promise.resolve(), identity = trusted): Promise<Place> {
  let requests = 0;
  const server = createTlsServer(identity, (_incoming, outgoing) => {
    requests += 1;
    outgoing.end("served");
  });
  const place = await placeBefore(await listen(server), opened);
  return { ...place, requests: () => requests };
}

const refusing: Endpoint = { address, port: Number(new URL(refusedUrl).port) };

function ask(endpoints: readonly Endpoint[], budgetMs = enough, host = "localhost") {
  const resolve: Resolve = async () => endpoints;
  return send({ method: "GET", url: `https://${host}/`, headers: {} }, budgetMs, lineOf(resolve));
}

function attemptsAt(places: readonly Place[]): number[] {
  return places.map(({ attempts }) => attempts());
}

describe("a host with several addresses", () => {
  it("is waited for at the first though others are tried, for as long as the budget lasts", async () => {
    const timers = standTimers();
    const late = Promise.withResolvers<void>();
    const [slow, second, third] = [await serving(late.promise), await silent(), await silent()];
    const exchange = ask(
      [slow, second, third].map(({ endpoint }) => endpoint),
      8_000,
    );
    for (const place of [slow, second]) {
      await place.tried;
      timers.pass(250);
    }
    await third.tried;
    timers.pass(7_499);
    late.resolve();
    expect(await exchange).toMatchObject(served);
    expect(attemptsAt([slow, second, third])).toStrictEqual([1, 1, 1]);
    await Promise.all([second.closed, third.closed]);
  });

  it("is reached at the second where the first is silent", async () => {
    const timers = standTimers();
    const [first, second, third] = [await silent(), await serving(), await silent()];
    const exchange = ask([first.endpoint, second.endpoint, third.endpoint]);
    await first.tried;
    timers.pass(250);
    expect(await exchange).toMatchObject(served);
    await first.closed;
    await untilRead();
    expect(third.attempts()).toBe(0);
  });

  it("is reached at the second where the first is refused, breaks off, or is somebody else", async () => {
    standTimers();
    const [stranger, good] = [await serving(Promise.resolve(), selfSigned()), await serving()];
    const breaking = createTcpServer((socket) => socket.resetAndDestroy());
    const broken = { address, port: await listen(breaking) };
    for (const dead of [refusing, broken, stranger.endpoint]) {
      expect(await ask([dead, good.endpoint])).toMatchObject(served);
    }
    expect(stranger.requests()).toBe(0);
  });

  it("is asked at one address alone, whoever is ready later", async () => {
    const timers = standTimers();
    const together = Promise.withResolvers<void>();
    const [first, second] = [await serving(together.promise), await serving(together.promise)];
    const exchange = ask([first.endpoint, second.endpoint]);
    await first.tried;
    timers.pass(250);
    await second.tried;
    together.resolve();
    expect(await exchange).toMatchObject(served);
    expect(first.requests() + second.requests()).toBe(1);
    await Promise.all([first.closed, second.closed]);
  });

  it("is tried at a further address after 250 ms, and not before", async () => {
    const timers = standTimers();
    const places = [await silent(), await silent(), await silent()];
    const exchange = ask(
      places.map(({ endpoint }) => endpoint),
      501,
    );
    await places[0]?.tried;
    timers.pass(249);
    await untilRead();
    expect(attemptsAt(places)).toStrictEqual([1, 0, 0]);
    timers.pass(1);
    await places[1]?.tried;
    timers.pass(249);
    await untilRead();
    expect(attemptsAt(places)).toStrictEqual([1, 1, 0]);
    timers.pass(1);
    await places[2]?.tried;
    timers.pass(1);
    expect(await exchange).toStrictEqual(unsent);
    await Promise.all(places.map(({ closed }) => closed));
  });

  it("is tried at a further address at once where one fails, and 250 ms after that", async () => {
    const timers = standTimers();
    const [first, second, third] = [await silent(), await silent(), await serving()];
    const [a, b, c] = [first.endpoint, second.endpoint, third.endpoint];
    const exchange = ask([a, refusing, refusing, b, c]);
    await first.tried;
    timers.pass(250);
    await second.tried;
    timers.pass(249);
    await untilRead();
    expect(third.attempts()).toBe(0);
    timers.pass(1);
    expect(await exchange).toMatchObject(served);
  });

  it("is unsent at once where all refuse, and where more than twelve do", async () => {
    standTimers();
    const refusals = Array.from({ length: 12 }, () => refusing);
    expect(await ask(refusals)).toStrictEqual(unsent);
    const thirteenth = await serving();
    expect(await ask([...refusals, thirteenth.endpoint])).toStrictEqual(unsent);
    expect(thirteenth.attempts()).toBe(0);
    expect(await ask([...refusals.slice(1), thirteenth.endpoint])).toMatchObject(served);
  });

  it("is reached by IPv4 where IPv6 leads nowhere", async () => {
    const good = await serving();
    const dead = ["::1", "::1", "::1"].map((six): Endpoint => ({ ...refusing, address: six }));
    expect(await ask([...dead, good.endpoint])).toMatchObject(served);
  });

  it("is tried in both families by turns, beginning with the resolver's first", () => {
    const at = (addresses: readonly string[]) => addresses.map((one) => ({ address: one, port: 443 }));
    const orderOf = (addresses: readonly string[]) => interleaved(at(addresses)).map((one) => one.address);
    const sixFirst = ["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"];
    expect(orderOf(["::1", "::2", "::3", "127.0.0.1", "127.0.0.2"])).toStrictEqual(sixFirst);
    expect(orderOf(["127.0.0.1", "::1", "::2"])).toStrictEqual(["127.0.0.1", "::1", "::2"]);
    expect(orderOf(["::1", "::2"])).toStrictEqual(["::1", "::2"]);
    expect(orderOf([])).toStrictEqual([]);
  });

  it("is held to the name of the URL at each of its addresses", async () => {
    const good = await serving();
    expect(await ask([good.endpoint], enough, "elsewhere.test")).toStrictEqual(unsent);
    expect(await ask([good.endpoint], enough, "localhost")).toMatchObject(served);
    expect(good.requests()).toBe(1);
  });
});

describe("a host without an address", () => {
  const outgoing = { method: "GET", url: "https://localhost/", headers: {} } as const;

  it("is unsent where its name leads nowhere or isn't found", async () => {
    expect(
      await send(
        outgoing,
        enough,
        lineOf(async () => []),
      ),
    ).toStrictEqual(unsent);
    const notFound = () => Promise.reject(new Error("ENOTFOUND"));
    expect(await send(outgoing, enough, lineOf(notFound))).toStrictEqual(unsent);
  });

  it("is unsent where its name is found too late, and then left alone", async () => {
    const timers = standTimers();
    const found = Promise.withResolvers<readonly Endpoint[]>();
    const place = await serving();
    const exchange = send(
      outgoing,
      8_000,
      lineOf(() => found.promise),
    );
    timers.pass(8_000);
    expect(await exchange).toStrictEqual(unsent);
    found.resolve([place.endpoint]);
    await untilRead();
    expect(place.attempts()).toBe(0);
  });

  it("is asked for once, with the port that was configured", async () => {
    const asked: unknown[] = [];
    const resolve: Resolve = async (host, port) => {
      asked.push([host, port]);
      return [];
    };
    for (const url of ["https://a.test/x", "http://b.test:81/", "http://[::1]/"]) {
      await send({ method: "GET", url, headers: {} }, enough, lineOf(resolve));
    }
    const defaults = [
      ["a.test", 443],
      ["b.test", 81],
      ["::1", 80],
    ];
    expect(asked).toStrictEqual(defaults);
  });
});
