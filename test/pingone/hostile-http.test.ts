import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type Call, readExchange } from "../../lib/pingone/responses.ts";
import { send } from "../../lib/pingone/send.ts";
import { serveTcp } from "../support/loopback.ts";
import { patienceMs } from "../support/patience.ts";
import { standTimers } from "../support/standing-timers.ts";
import { answered, ourNow } from "./answers.ts";
import { calls } from "./calls.ts";

const every: readonly Call[] = Object.values(calls);

async function exchangeOver(answer: (socket: Socket) => void, budgetMs = patienceMs) {
  return send({ method: "GET", url: await serveTcp(answer), headers: {} }, budgetMs);
}

describe("HTTP from an enemy", () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  const broken = { kind: "broken" };

  it("gives headers by names that are special to JavaScript, and changes nothing else", async () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const lines = names.map((name) => `${name}: x\r\n`).join("");
    const exchange = await exchangeOver((socket) => socket.end(`${ok}${lines}Content-Length: 0\r\n\r\n`));
    expect(Object.entries(exchange.kind === "answered" ? exchange.headers : {})).toStrictEqual([
      ...names.map((name) => [name.toLowerCase(), "x"]),
      ["content-length", "0"],
    ]);
    expect(Reflect.ownKeys(Object.prototype)).not.toContain("0");
    expect(Reflect.ownKeys(Object)).not.toContain("0");
  });

  it("leaves out a header that contradicts itself", async () => {
    const twice = "Date: a\r\nDate: b\r\nLocation: /a\r\nlocation: /b\r\nRetry-After: 1\r\n";
    expect(
      await exchangeOver((socket) => socket.end(`${ok}${twice}Content-Length: 0\r\n\r\n`)),
    ).toStrictEqual({
      kind: "answered",
      status: 200,
      headers: { "retry-after": "1", "content-length": "0" },
      setCookie: [],
      body: "",
    });
  });

  it.each<[string, string]>([
    ["an upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw"],
    ["a head above 16 KB", `${ok}${"X-Filler: y\r\n".repeat(2000)}\r\n`],
    ["two lengths", `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      "a length beside chunks",
      `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ["a control byte in a header", `${ok}Set-Cookie: a=\u0000\r\n\r\n`],
    ["a folded line", `${ok}Set-Cookie: a=1\r\n b=2\r\nX:\u0001\r\n\r\n`],
    [
      "a chunk extension without end",
      `${ok}Transfer-Encoding: chunked\r\n\r\n2;${"x".repeat(20_000)}\r\n{}\r\n`,
    ],
  ])("is broken by %s", async (_name, text) => {
    expect(await exchangeOver((socket) => socket.end(text))).toMatchObject(broken);
  });

  it("passes over interim answers", async () => {
    const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    const answer = `${interim}${ok}Content-Length: 2\r\n\r\n{}`;
    expect(await exchangeOver((socket) => socket.end(answer))).toMatchObject({
      kind: "answered",
      body: "{}",
    });
  });

  it.each<[string, string, string]>([
    ["interim answers", "", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"],
    ["chunk extensions", `${ok}Transfer-Encoding: chunked\r\n\r\n`, `1;${"x".repeat(10_000)}\r\n{\r\n`],
  ])("ends before the budget where %s never do", async (_name, head, piece) => {
    const some = piece.repeat(Math.ceil(64_000 / piece.length));
    const answer = (socket: Socket) => {
      const more = () => {
        if (socket.writable) socket.write(some, () => setImmediate(more));
      };
      socket.write(head, more);
    };
    expect(await exchangeOver(answer)).toMatchObject(broken);
  });

  it("ends with the budget where bytes come one by one", async () => {
    const begun = Promise.withResolvers<void>();
    const answer = (socket: Socket) => {
      const bytes = [...`${ok}Content-Length: 0\r\n${"X: ".padEnd(10_000, "y")}\r\n\r\n`];
      const more = () => {
        const byte = bytes.shift();
        if (byte !== undefined && socket.writable) socket.write(byte, () => setImmediate(more));
      };
      more();
      begun.resolve();
    };
    const timers = standTimers();
    const exchange = exchangeOver(answer, 150);
    await begun.promise;
    timers.pass(150);
    expect(await exchange).toMatchObject(broken);
  });

  it.each([
    ["deep", "[".repeat(200_000)],
    ["deep and whole", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    [
      "deep where it is kept",
      `{"id":"f-1","status":"OTP_REQUIRED","_links":{"x":${"[".repeat(9e4)}${"]".repeat(9e4)}}}`,
    ],
    ["of one endless number", "9".repeat(200_000)],
    ["of other bytes", Buffer.from([0xff, 0xfe, 0x7b, 0x7d]).toString("latin1")],
  ])("brings a body that is %s, and is read or not", (_name, text) => {
    for (const call of every) {
      const { kind } = readExchange(answered(200, text), call, ourNow).answer;
      expect(["flow", "doubtful", "unsent"]).toContain(kind);
    }
  });
});
