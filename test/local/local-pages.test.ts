import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { documentUrl } from "../contract/page.ts";
import { startSandbox } from "./sandbox.ts";

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const flow = "/flows/2f0c1b7e-5d1c-4a52-9f0e-7a3f5f7c9d10";

/** What both shapes of the sandbox answer to one request: without ids, tokens and times. */
interface Answer {
  readonly http: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const volatile = [
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
  /(?<![\w-])[\w-]{43}(?![\w-])/g,
  // A body is a text in the text.
  /(?<="expiresIn\\?":)\d+/g,
];
const ofTheConnection = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

async function answered(api: string, path: string, init: RequestInit): Promise<Answer> {
  const reply = await fetch(`${api}${path}`, init);
  const kept = [...reply.headers].filter(([name]) => !ofTheConnection.has(name)).toSorted();
  const text = JSON.stringify([kept, await reply.text()]);
  const [headers, body] = JSON.parse(volatile.reduce((left, one) => left.replace(one, "…"), text));
  return { http: reply.status, headers: Object.fromEntries(headers), text: body };
}

const environment = { ...process.env };
const apis: string[] = [];
const closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  Object.assign(process.env, { PORT: "0", SIMULATOR_PORT: "0" });
  delete process.env["ALLOWED_ORIGINS"];
  // The sources come last: their functions are configured by this process's own variables.
  for (const deployed of [true, false]) {
    const printed: string[] = [];
    const sandbox = await startSandbox({ log: false, deployed, print: (line) => printed.push(line) });
    closers.push(() => sandbox.close());
    sandbox.introduce();
    apis.push(/API +(http:\/\/127\.0\.0\.1:\d+)/.exec(printed.join("\n"))?.[1] ?? "");
  }
});
afterAll(async () => {
  for (const close of closers) await close();
  Object.assign(process.env, environment);
});

/** One answer, which both shapes give. */
async function both(path: string, init: RequestInit): Promise<Answer> {
  const [deployed, source] = await Promise.all(apis.map((api) => answered(api, path, init)));
  expect(deployed).toEqual(source);
  if (source === undefined) throw new Error("No sandbox runs.");
  return source;
}

const json = { "content-type": "application/json" };
const start = (origin: string, body: object): RequestInit => ({
  method: "POST",
  headers: { ...json, origin, "sec-fetch-site": "same-site" },
  body: JSON.stringify({ codeChallenge: challenge, ...body }),
});

describe("a page of this machine", () => {
  it.each([
    "http://localhost:3000",
    "http://localhost:5173",
    "https://localhost",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
  ])("%s may call, and may have the cookie", async (origin) => {
    const asked = { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } };
    const leave = { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" };
    expect(await both(`${flow}/otp`, asked)).toMatchObject({ http: 204, headers: leave });
    const begun = await both("/flows", start(origin, { tokenDelivery: "cookie" }));
    expect(begun).toMatchObject({ http: 201, headers: leave });
    expect(begun.headers["set-cookie"]).toContain("__Secure-flow-token=");
    expect(begun.text).not.toContain("flowToken");
  });
});

describe("the sandbox's own page", () => {
  const readsWith = async (headers: Readonly<Record<string, string>>) => {
    const replies = apis.map(async (api) => {
      const begun = await fetch(`${api}/flows`, start("http://localhost:8080", { tokenDelivery: "cookie" }));
      const { flowId } = z.object({ flowId: z.string() }).parse(await begun.json());
      const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      return (await fetch(`${api}/flows/${flowId}`, { headers: { ...headers, cookie } })).status;
    });
    return Promise.all(replies);
  };

  it("reads its flow, though a browser sends no origin then", async () => {
    expect(await readsWith({ "sec-fetch-site": "same-origin" })).toEqual([200, 200]);
    expect(await readsWith({ "sec-fetch-site": "same-site" })).toEqual([400, 400]);
    expect(await readsWith({})).toEqual([400, 400]);
  });
});

describe("a page from elsewhere", () => {
  it.each(["https://elsewhere.example", "http://localhost.example", "http://localhost:3000.example", "null"])(
    "%s gets no leave and no cookie",
    async (origin) => {
      const asked = { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } };
      const preflight = await both(`${flow}/otp`, asked);
      expect(preflight.headers["access-control-allow-origin"]).toBeUndefined();
      const refused = await both("/flows", start(origin, { tokenDelivery: "cookie" }));
      expect(refused).toMatchObject({ http: 400 });
      expect(refused.headers["set-cookie"]).toBeUndefined();
    },
  );
});

describe("both shapes of the sandbox answer alike", () => {
  const token = { authorization: `Bearer ${"A".repeat(43)}` };
  it.each<[string, string, RequestInit, number]>([
    ["an unknown route", "/flows", { method: "GET" }, 404],
    ["an unknown path", "/nowhere/else", { method: "GET" }, 404],
    ["an unknown method", `${flow}/otp`, { method: "PUT" }, 404],
    ["a step that there is not", `${flow}/nothing`, { method: "POST", headers: token }, 404],
    ["an unknown flow", flow, { method: "GET", headers: token }, 404],
    ["no token", flow, { method: "DELETE" }, 400],
    ["malformed JSON", "/flows", { method: "POST", headers: json, body: "{" }, 400],
    ["no JSON at all", "/flows", { method: "POST", headers: { "content-type": "text/csv" }, body: "a" }, 400],
    ["a page's unknown route", "/nowhere", { method: "GET", headers: { origin: "http://localhost:9" } }, 404],
    [
      "more than the gateway takes",
      "/flows",
      { method: "POST", headers: json, body: " ".repeat(10 * 1024 * 1024 + 1) },
      413,
    ],
  ])("%s", async (_, path, init, http) => {
    const answer = await both(path, init);
    expect(answer.http).toBe(http);
    expect(JSON.parse(answer.text)).toMatchObject({ error: expect.stringMatching(/^[a-z-]+$/) });
  });
});

describe("the document of the API", () => {
  it("is served by both shapes of the sandbox", async () => {
    const { http, text } = await both(documentUrl, {});
    expect([http, JSON.parse(text).openapi]).toEqual([200, "3.1.1"]);
  });
});
