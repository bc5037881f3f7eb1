import { createServer as createTlsServer } from "node:https";
import { connect as connectTcp, createServer as createTcpServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { type Endpoint, interleaved, type Resolve } from "../../lib/pingone/connect.ts";
import { send } from "../../lib/pingone/send.ts";
import { listen } from "../support/loopback.ts";
import { refusedUrl } from "../support/refused-url.ts";
import { selfSigned } from "../support/self-signed.ts";

const enough = 10_000;
const unsent = { kind: "unsent" };
const address = "127.0.0.1";

const trusted = selfSigned();
beforeAll(() => {
  const before = getCACertificates("default");
  setDefaultCACertificates([trusted.cert]);
  return () => setDefaultCACertificates(before);
});

/** One address of a host. */
interface Place {
  readonly endpoint: Endpoint;
  /** One for each connection. */
  readonly attempts: readonly unknown[];
  readonly requests: () => number;
  /** Resolves at the first connection. */
  readonly tried: Promise<void>;
  /** Resolves when the first connection is closed. */
  readonly closed: Promise<void>;
}

/** Accepts connections and passes them on when it is told to; never, unless it is. */
async function placeBefore(target: number | undefined, opened: Promise<unknown>): Promise<Place> {
  const attempts: unknown[] = [];
  const tried = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = createTcpServer((socket) => {
    attempts.push(socket);
    tried.resolve();
    socket.once("close", () => closed.resolve());
    if (target === undefined) {
      socket.resume();
      return;
    }
    const passOn = () => {
      const onward = connectTcp(target, address);
      onward.on("error", () => socket.destroy());
      // Nobody reads on when the pipe has gone, and the end of a connection is read like anything else.
      onward.once("close", () => socket.resume());
      socket.once("close", () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    };
    opened.then(passOn, () => socket.destroy());
  });
  const endpoint = { address, port: await listen(server) };
  return { endpoint, attempts, requests: () => 0, tried: tried.promise, closed: closed.promise };
}

/** Never says a word: with TLS, no address is more silent. */
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
  return send({ method: "GET", url: `https://${host}/`, headers: {} }, budgetMs, resolve);
}

describe("a host with several addresses", () => {
  it("is waited for at the first though others are tried, for as long as the budget lasts", async () => {
    const [second, third] = [await silent(), await silent()];
    const slow = await serving(third.tried);
    const exchange = await ask([slow.endpoint, second.endpoint, third.endpoint]);
    expect(exchange).toMatchObject({ kind: "answered", body: "served" });
    expect([slow, second, third].map(({ attempts }) => attempts.length)).toStrictEqual([1, 1, 1]);
    await Promise.all([second.closed, third.closed]);
  });

  it("is reached at the second where the first is silent", async () => {
    const [first, second] = [await silent(), await serving()];
    expect(await ask([first.endpoint, second.endpoint])).toMatchObject({ body: "served" });
    await first.closed;
  });

  it("is reached at the second where the first is refused, breaks off, or is somebody else", async () => {
    const [stranger, good] = [await serving(Promise.resolve(), selfSigned()), await serving()];
    const breaking = createTcpServer((socket) => socket.resetAndDestroy());
    const broken = { address, port: await listen(breaking) };
    for (const dead of [refusing, broken, stranger.endpoint]) {
      expect(await ask([dead, good.endpoint])).toMatchObject({ body: "served" });
    }
    expect(stranger.requests()).toBe(0);
  });

  it("is asked at one address alone, whoever is ready later", async () => {
    const together = Promise.withResolvers<void>();
    const [first, second] = [await serving(together.promise), await serving(together.promise)];
    const exchange = ask([first.endpoint, second.endpoint]);
    await second.tried;
    together.resolve();
    expect(await exchange).toMatchObject({ body: "served" });
    expect(first.requests() + second.requests()).toBe(1);
    await Promise.all([first.closed, second.closed]);
  });

  it("is tried at a further address every 250 ms, and at once after a refusal", async () => {
    const [first, second, third] = [await silent(), await silent(), await serving()];
    const refusals = Array.from({ length: 9 }, () => refusing);
    const begun: number[] = [];
    const noting = ({ endpoint }: Place): Endpoint => ({
      address,
      get port() {
        begun.push(performance.now());
        return endpoint.port;
      },
    });
    await ask([first, second, third].map(noting));
    const [a = 0, b = 0, c = 0] = begun;
    // A timer is exact to a millisecond.
    expect(Math.min(b - a, c - b)).toBeGreaterThan(248);
    const from = performance.now();
    expect(await ask([...refusals, third.endpoint])).toMatchObject({ body: "served" });
    expect(performance.now() - from).toBeLessThan(9 * 250);
  });

  it("is unsent where none answers, once the budget is over and not before", async () => {
    const places = [await silent(), await silent(), await silent()];
    const from = performance.now();
    const endpoints = places.map(({ endpoint }) => endpoint);
    expect(await ask(endpoints, 300)).toStrictEqual(unsent);
    expect(performance.now() - from).toBeGreaterThan(298);
    const [first, , third] = places;
    expect([first?.attempts.length, third?.attempts.length]).toStrictEqual([1, 0]);
    await first?.closed;
  });

  it("is unsent at once where all refuse, and where more than twelve do", async () => {
    const refusals = Array.from({ length: 12 }, () => refusing);
    expect(await ask(refusals)).toStrictEqual(unsent);
    const thirteenth = await serving();
    expect(await ask([...refusals, thirteenth.endpoint])).toStrictEqual(unsent);
    expect(thirteenth.attempts).toStrictEqual([]);
  });

  it("is reached by IPv4 where IPv6 leads nowhere", async () => {
    const good = await serving();
    const dead = ["::1", "::1", "::1"].map((six): Endpoint => ({ ...refusing, address: six }));
    expect(await ask([...dead, good.endpoint])).toMatchObject({ body: "served" });
  });

  it("is tried in both families by turns, beginning with the resolver's first", () => {
    const at = (addresses: readonly string[]) => addresses.map((one) => ({ address: one, port: 443 }));
    const orderOf = (addresses: readonly string[]) => interleaved(at(addresses)).map((one) => one.address);
    expect(orderOf(["::1", "::2", "::3", "127.0.0.1", "127.0.0.2"])).toStrictEqual([
      ...["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"],
    ]);
    expect(orderOf(["127.0.0.1", "::1", "::2"])).toStrictEqual(["127.0.0.1", "::1", "::2"]);
    expect(orderOf(["::1", "::2"])).toStrictEqual(["::1", "::2"]);
    expect(orderOf([])).toStrictEqual([]);
  });

  it("is held to the name of the URL at each of its addresses", async () => {
    const good = await serving();
    expect(await ask([good.endpoint], enough, "elsewhere.test")).toStrictEqual(unsent);
    expect(await ask([good.endpoint], enough, "localhost")).toMatchObject({ body: "served" });
    expect(good.requests()).toBe(1);
  });
});

describe("a host without an address", () => {
  it.each<[string, Resolve]>([
    ["whose name leads nowhere", async () => []],
    ["whose name isn't found", () => Promise.reject(new Error("ENOTFOUND"))],
    ["whose name is looked up for ever", () => new Promise(() => undefined)],
  ])("%s is unsent", async (_name, resolve) => {
    const outgoing = { method: "GET", url: "https://localhost/", headers: {} } as const;
    expect(await send(outgoing, 150, resolve)).toStrictEqual(unsent);
  });

  it("is asked for once, with the port that was configured", async () => {
    const asked: unknown[] = [];
    const resolve: Resolve = async (host, port) => {
      asked.push([host, port]);
      return [];
    };
    for (const url of ["https://a.test/x", "http://b.test:81/", "http://[::1]/"]) {
      await send({ method: "GET", url, headers: {} }, enough, resolve);
    }
    expect(asked).toStrictEqual([
      ["a.test", 443],
      ["b.test", 81],
      ["::1", 80],
    ]);
  });

  it("leaves nothing to be told when the name is found too late", async () => {
    const found = Promise.withResolvers<readonly Endpoint[]>();
    const place = await serving();
    const outgoing = { method: "GET", url: "https://localhost/", headers: {} } as const;
    expect(await send(outgoing, 50, () => found.promise)).toStrictEqual(unsent);
    found.resolve([place.endpoint]);
    await found.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(place.attempts).toStrictEqual([]);
  });
});
