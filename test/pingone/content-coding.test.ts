import type { OutgoingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import {
  brotliCompressSync,
  constants,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { describe, expect, it } from "vitest";
import { readExchange } from "../../lib/pingone/responses.ts";
import { send } from "../../lib/pingone/send.ts";
import { serveHttp } from "../support/loopback.ts";
import { failure, flowBody } from "./answers.ts";
import { calls } from "./calls.ts";

const enough = 5_000;
const packers = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  "deflate without its frame": deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
const text = JSON.stringify({ said: "\u20ac".repeat(500) });
const atBound = Buffer.alloc(256 * 1024, "x");

async function answer(body: Buffer | string, headers: OutgoingHttpHeaders, status = 200) {
  const url = await serveHttp((_incoming, outgoing) => {
    outgoing.sendDate = false;
    outgoing.writeHead(status, { "Set-Cookie": "ST=1", ...headers }).end(body);
  });
  return send({ method: "GET", url, headers: {} }, enough);
}

describe.each(Object.entries(packers))("an answer in %s, which nobody asked for", (name, pack) => {
  const coding = { "Content-Encoding": name.replace(/ .*/, "") };

  it("is unpacked, whatever its status", async () => {
    for (const status of [200, 400, 429]) {
      expect(await answer(pack(text), coding, status)).toMatchObject({
        kind: "answered",
        status,
        setCookie: ["ST=1"],
        body: text,
      });
    }
  });

  it("has 256 KB at most, however small it came", async () => {
    expect(await answer(pack(atBound), coding)).toMatchObject({ kind: "answered", status: 200 });
    for (const bytes of [atBound.length + 1, 64 * 1024 * 1024]) {
      expect(await answer(pack(Buffer.alloc(bytes, "x")), coding)).toMatchObject({
        kind: "broken",
        status: 200,
        setCookie: ["ST=1"],
      });
    }
  });

  it("is broken where its coding is, with what its head brought", async () => {
    const packed = pack(text);
    for (const body of [packed.subarray(0, packed.length - 5), Buffer.from(text)]) {
      expect(await answer(body, coding)).toMatchObject({ kind: "broken", status: 200, setCookie: ["ST=1"] });
    }
  });
});

describe("an answer in several codings", () => {
  const twice = brotliCompressSync(gzipSync(text));

  it.each<[string, string | string[]]>([
    ["in one header", "gzip, br"],
    ["in two", ["gzip", "br"]],
    ["in odd letters, with identity and nothing among them", "GZIP,identity,, Br"],
  ])("is unpacked from the last to the first, %s", async (_name, codings) => {
    expect(await answer(twice, { "Content-Encoding": codings })).toMatchObject({ body: text });
  });

  it("is broken in another order, and where one of them is a bomb", async () => {
    expect(await answer(twice, { "Content-Encoding": "br, gzip" })).toMatchObject({ kind: "broken" });
    const bomb = gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
    expect(await answer(bomb, { "Content-Encoding": "gzip, gzip" })).toMatchObject({ kind: "broken" });
  });

  it("has four at most", async () => {
    const codings = (count: number) => ({ "Content-Encoding": Array(count).fill("gzip").join() });
    const packed = (count: number): Buffer => (count === 0 ? Buffer.from(text) : gzipSync(packed(count - 1)));
    expect(await answer(packed(4), codings(4))).toMatchObject({ body: text });
    expect(await answer(packed(5), codings(5))).toMatchObject({ kind: "broken" });
  });
});

describe("an answer in a coding that nobody knows", () => {
  it("is broken, and so a doubt", async () => {
    for (const coding of ["compress", "aes128gcm", "gzip;q=1", "__proto__", "gzip, compress"]) {
      const exchange = await answer(text, { "Content-Encoding": coding });
      expect(exchange).toMatchObject({ kind: "broken", setCookie: ["ST=1"] });
      expect(readExchange(exchange, calls.otp, 0).answer).toStrictEqual({ kind: "doubtful" });
    }
  });

  it("is whole where it has no body", async () => {
    const headers = { "Content-Encoding": "compress", Location: "https://app.example/cb?code=c-1&state=s" };
    const exchange = await answer("", headers, 302);
    expect(readExchange(exchange, calls.resume, 0).answer).toStrictEqual({ kind: "authorized", code: "c-1" });
  });
});

it("an answer in zstd needs no larger window than 8 MB", async () => {
  const packed = (windowLog: number) => {
    const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: windowLog } });
    // Nobody knows yet how much will come, so that the frame asks for the whole window.
    stream.write(text.slice(0, 9));
    stream.flush(() => stream.end(text.slice(9)));
    return buffer(stream);
  };
  const coding = { "Content-Encoding": "zstd" };
  expect(await answer(await packed(23), coding)).toMatchObject({ body: text });
  expect(await answer(await packed(24), coding)).toMatchObject({ kind: "broken" });
});

it("a front that packs what PingOne says leaves no doubt", async () => {
  const coding = { "Content-Encoding": "gzip", Date: new Date(0).toUTCString() };
  const refused = gzipSync(JSON.stringify(failure("INVALID_DATA", { code: "INVALID_OTP" })));
  expect(readExchange(await answer(refused, coding, 400), calls.otp, 0).answer).toStrictEqual({
    kind: "rejected",
  });
  const done = gzipSync(JSON.stringify(flowBody({ status: "COMPLETED" })));
  expect(readExchange(await answer(done, coding), calls.otp, 0).answer).toMatchObject({
    kind: "flow",
    flow: { status: "COMPLETED" },
  });
});
