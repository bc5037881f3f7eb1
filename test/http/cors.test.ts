import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { callApi, createPkce } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

const first = "https://app.example.com";
const second = "https://account.example.com";
/** Pages of hybrid apps: `URL.origin` of the first four is "null". */
const apps = [
  "capacitor://localhost",
  "ionic://localhost",
  "tauri://localhost",
  "app://.",
  "https://localhost",
];
const exposed = "Date, Retry-After, X-Request-Id";

let product: Product;
beforeAll(async () => {
  product = await createProduct({ ALLOWED_ORIGINS: [first, second, ...apps].join() });
});
afterAll(() => product.close());

async function corsOf(api: string, origin: string | undefined, path = "/flows") {
  const reply = await callApi(api, "POST", path, {
    body: { codeChallenge: createPkce().challenge },
    ...(origin === undefined ? {} : { headers: { origin } }),
  });
  const names = [
    "vary",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-allow-credentials",
  ];
  return { http: reply.http, headers: names.map((name) => reply.headers.get(name)) };
}

describe("a reply to a page where cookies may be delivered", () => {
  let delivering: Product;
  beforeAll(async () => {
    delivering = await createProduct({ ALLOWED_ORIGINS: `${first},${second}`, COOKIE_DELIVERY: "true" });
  });
  afterAll(() => delivering.close());

  it.each([
    [first, "true"],
    ["https://evil.example", null],
    [`${first}.evil.example`, null],
    ["null", null],
  ])("lets %s send them: %s", async (origin, leave) => {
    const request = { body: { codeChallenge: createPkce().challenge }, headers: { origin } };
    const reply = await callApi(delivering.api, "POST", "/flows", request);
    expect(reply.headers.get("access-control-allow-credentials")).toBe(leave);
    expect(reply.headers.get("access-control-allow-origin")).toBe(leave && origin);
  });
});

describe("a reply to a page", () => {
  it.each([first, second, ...apps])("can be read by %s", async (origin) => {
    expect(await corsOf(product.api, origin)).toEqual({
      http: 201,
      headers: ["Origin", origin, exposed, null],
    });
  });

  it.each([
    ["another site", "https://evil.example"],
    ["a name that only looks alike", "https://appXexample.com"],
    ["an allowed name with more behind it", `${first}.evil.example`],
    ["another scheme", "http://app.example.com"],
    ["another port", `${first}:8443`],
    ["both at once", `${first}, ${second}`],
    ["a sandboxed page", "null"],
    ["another app of the same kind", "capacitor://elsewhere"],
    ["an app by another scheme", "file://localhost"],
    ["an app's page on another port", "https://localhost:8443"],
    ["an app's page without TLS", "http://localhost"],
    ["no page at all", undefined],
  ])("can't be read by %s", async (_who, origin) => {
    expect(await corsOf(product.api, origin)).toEqual({ http: 201, headers: ["Origin", null, null, null] });
  });

  it("can be read when it is a problem", async () => {
    const path = "/flows/00000000-0000-4000-8000-000000000000/otp";
    expect(await corsOf(product.api, first, path)).toEqual({
      http: 400,
      headers: ["Origin", first, exposed, null],
    });
  });

  it("can be read when nobody foresaw it", async () => {
    const { username, password } = people.passwordOnly;
    const broken = await createProduct(
      { ALLOWED_ORIGINS: first },
      {
        ports: ({ store, ...ports }) => ({
          ...ports,
          store: { ...store, claim: () => Promise.reject(new Error()) },
        }),
      },
    );
    const client = broken.client();
    await client.start();
    const reply = await callApi(broken.api, "POST", `/flows/${client.flowId}/password`, {
      token: client.token,
      body: { username, password },
      headers: { origin: first },
    });
    await broken.close();
    expect([reply.http, reply.headers.get("access-control-allow-origin")]).toEqual([500, first]);
  });

  it("has no word of origins where none is allowed", async () => {
    const closed = await createProduct();
    const reply = await corsOf(closed.api, first);
    await closed.close();
    expect(reply).toEqual({ http: 201, headers: [null, null, null, null] });
  });
});
