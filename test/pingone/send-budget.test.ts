import { createServer as createTcpServer } from "node:net";
import { describe, expect, it } from "vitest";
import { type Exchange, send } from "../../lib/pingone/send.ts";
import { listen, serveHttp, serveTcp } from "../support/loopback.ts";
import { standTimers, untilRead } from "../support/standing-timers.ts";

const budget = 8_000;
const head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: ST=1; Path=/\r\nSet-Cookie: lb=2\r\n\r\n";
const unsent = { kind: "unsent" };
const nothingArrived = { kind: "broken", headers: {}, setCookie: [] };
const headArrived = {
  kind: "broken",
  status: 200,
  headers: { "content-length": "10" },
  setCookie: ["ST=1; Path=/", "lb=2"],
};

/**
 * What becomes of a call whose budget ends once the server has done something: not a millisecond
 * earlier, and at once.
 *
 * @param urlFor gets a function that says when that is
 */
async function outOfTime(urlFor: (done: () => void) => Promise<string>): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const url = await urlFor(resolve);
  const timers = standTimers();
  let exchange: Exchange | undefined;
  const sent = send({ method: "GET", url, headers: { accept: "*/*" } }, budget).then((one) => {
    exchange = one;
    return one;
  });
  await promise;
  await untilRead();
  timers.pass(budget - 1);
  await untilRead();
  expect(exchange).toBeUndefined();
  timers.pass(1);
  return sent;
}

describe("a budget that ends", () => {
  it("while TLS is agreed on proves that nothing was written", async () => {
    const stalling = async (done: () => void) =>
      `https://127.0.0.1:${await listen(createTcpServer((socket) => socket.once("data", done)))}/`;
    expect(await outOfTime(stalling)).toStrictEqual(unsent);
  });

  it("before an answer leaves a doubt", async () => {
    expect(await outOfTime((done) => serveHttp(done))).toStrictEqual(nothingArrived);
  });

  it("in the middle of a head leaves a doubt", async () => {
    const stalling = (done: () => void) =>
      serveTcp((socket) => socket.write("HTTP/1.1 200 OK\r\nSet-Cookie: ST=1\r\n", done));
    expect(await outOfTime(stalling)).toStrictEqual(nothingArrived);
  });

  it("in a body that stalls leaves a doubt, and keeps the cookies", async () => {
    const stalling = (done: () => void) => serveTcp((socket) => socket.write(`${head}half`, done));
    expect(await outOfTime(stalling)).toStrictEqual(headArrived);
  });

  it("in a body that trickles leaves a doubt, and keeps the cookies", async () => {
    const trickling = (done: () => void) =>
      serveTcp((socket) => {
        socket.write(head.replace("10", "9999"), done);
        const more = () => {
          if (socket.writable) socket.write("x", () => setImmediate(more));
        };
        more();
      });
    expect(await outOfTime(trickling)).toStrictEqual({
      ...headArrived,
      headers: { "content-length": "9999" },
    });
  });
});
