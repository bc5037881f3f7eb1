import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { BrowserClient, cookieDelivery, fromOwnSite } from "../support/browser-client.ts";
import { type ApiRequest, callApi, createPkce, faultsIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct(cookieDelivery);
});
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const wrong = { username, password: "Not-The-One-7" };

async function started(): Promise<BrowserClient> {
  const browser = new BrowserClient(product.api);
  expect((await browser.start()).http).toBe(201);
  return browser;
}

function withCookie(token: string, headers: Readonly<Record<string, string>> = fromOwnSite) {
  return { cookie: `__Secure-flow-token=${token}`, ...headers };
}

/** Every call on a flow, with a body that its function takes. */
const calls: readonly ["DELETE" | "GET" | "POST", string, object?][] = [
  ["GET", ""],
  ["DELETE", ""],
  ["POST", "/lookup", { username }],
  ["POST", "/password", { username, password }],
  ["POST", "/otp", { otp: "123456" }],
  ["POST", "/device", { deviceId: "a" }],
  ["POST", "/resume"],
];

describe("a request by cookie", () => {
  const { origin } = fromOwnSite;
  const site = { "sec-fetch-site": "same-site" };

  async function expectRefused(path: string, request: ApiRequest, fields: readonly string[]) {
    const before = { calls: product.simulator.calls.length, rows: await product.rows() };
    for (const [method, below, body] of path === "/flows" ? [["POST", ""] as const] : calls) {
      const reply = await callApi(product.api, method, `${path}${below}`, { body, ...request });
      expect([method, below, reply.http, reply.body.error, faultsIn(reply)]).toEqual([
        ...[method, below, 400],
        ...["request-invalid", fields],
      ]);
      expect(reply.headers.getSetCookie()).toEqual([]);
    }
    expect({ calls: product.simulator.calls.length, rows: await product.rows() }).toEqual(before);
  }

  it.each<[string, Record<string, string>, string[]]>([
    ["no origin", site, ["origin missing"]],
    ["another origin", { ...site, origin: "https://evil.example" }, ["origin unknown"]],
    ["no Sec-Fetch-Site", { origin }, ["sec-fetch-site missing"]],
    ["another site", { origin, "sec-fetch-site": "cross-site" }, ["sec-fetch-site unknown"]],
    ["a person's own navigation", { origin, "sec-fetch-site": "none" }, ["sec-fetch-site unknown"]],
    ["neither", {}, ["origin missing", "sec-fetch-site missing"]],
  ])("from %s is refused before anything is looked at", async (_, headers, fields) => {
    const { flowId, tokens } = await started();
    const [token = ""] = tokens;
    await expectRefused(`/flows/${flowId}`, { headers: withCookie(token, headers) }, fields);
    await expectRefused(`/flows/${flowId}`, { headers: withCookie("unfit", headers) }, fields);
    await expectRefused("/flows/none", { headers: withCookie(token, headers) }, fields);
    const asking = { headers, body: { tokenDelivery: "cookie", unknown: 1 } };
    await expectRefused("/flows", asking, fields);
    const id = { "x-request-id": "the-same-for-both" };
    const unknown = await callApi(product.api, "GET", `/flows/${crypto.randomUUID()}`, {
      headers: { ...withCookie(token, headers), ...id },
    });
    const known = await callApi(product.api, "GET", `/flows/${flowId}`, {
      headers: { ...withCookie(token, headers), ...id },
    });
    expect(known.text).toBe(unknown.text);
  });

  it("is taken from the API's own origin where that is allowed", async () => {
    const { flowId, tokens } = await started();
    const headers = withCookie(tokens[0] ?? "", { origin, "sec-fetch-site": "same-origin" });
    expect(await callApi(product.api, "GET", `/flows/${flowId}`, { headers })).toMatchObject({ http: 200 });
  });

  it("with the cookie twice is refused: in one header or in two, alike or not", async () => {
    const { flowId, tokens } = await started();
    const [token = ""] = tokens;
    const one = `__Secure-flow-token=${token}`;
    for (const cookie of [
      `${one}; ${one}`,
      `__Secure-flow-token=; ${one}`,
      `${one};a=b;__Secure-flow-token=x`,
    ]) {
      await expectRefused(`/flows/${flowId}`, { headers: { ...fromOwnSite, cookie } }, ["cookie malformed"]);
    }
  });

  it.each(["", "short", `${"A".repeat(43)}A`, `"${"A".repeat(43)}"`, `%41${"A".repeat(42)}`])(
    "with a cookie that is no token is refused: %s",
    async (value) => {
      const { flowId } = await started();
      await expectRefused(`/flows/${flowId}`, { headers: withCookie(value) }, ["cookie malformed"]);
    },
  );

  it("finds its cookie among others", async () => {
    const { flowId, tokens } = await started();
    const cookie = `a=b; __secure-flow-token=x;__Secure-flow-token=${tokens[0]} ; flow-token=y`;
    const reply = await callApi(product.api, "GET", `/flows/${flowId}`, {
      headers: { ...fromOwnSite, cookie },
    });
    expect(reply.http).toBe(200);
  });

  it("with Authorization is a bearer's: the cookie is not looked at, nor is the origin", async () => {
    const { flowId, tokens } = await started();
    const [token = ""] = tokens;
    const headers = { ...withCookie(token, {}), authorization: "Bearer short" };
    await expectRefused(`/flows/${flowId}`, { headers }, ["authorization malformed"]);
    const cookie = "__Secure-flow-token=a; __Secure-flow-token=b";
    const reply = await callApi(product.api, "POST", `/flows/${flowId}/password`, {
      ...{ token, headers: { cookie }, body: wrong },
    });
    expect([reply.http, reply.headers.getSetCookie()]).toEqual([422, []]);
    expect(reply.body.flow?.flowToken).toMatch(/^[\w-]{43}$/);
  });

  it("with neither lacks authorization", async () => {
    const { flowId } = await started();
    await expectRefused(`/flows/${flowId}`, { headers: { cookie: "a=b" } }, ["authorization missing"]);
  });
});

describe("a start", () => {
  const { challenge: codeChallenge } = createPkce();

  it("names a delivery that is none beside the other members", async () => {
    const body = { tokenDelivery: "header", codeChallenge: "short" };
    const reply = await callApi(product.api, "POST", "/flows", { body });
    expect(faultsIn(reply)).toEqual(["tokenDelivery unknown", "codeChallenge malformed"]);
  });

  it("gets the token in the body unless it asks for the cookie", async () => {
    for (const body of [{ codeChallenge }, { codeChallenge, tokenDelivery: "body" }]) {
      const reply = await callApi(product.api, "POST", "/flows", { body });
      expect([reply.http, reply.headers.getSetCookie()]).toEqual([201, []]);
      expect(reply.body.flowToken).toMatch(/^[\w-]{43}$/);
    }
  });
});

describe("where cookie delivery is off", () => {
  it("none can be asked for, and none is looked at", async () => {
    const plain = await createProduct({ ALLOWED_ORIGINS: fromOwnSite.origin });
    const refused = await new BrowserClient(plain.api).start();
    const client = plain.client();
    await client.start({ tokenDelivery: "body" });
    const read = await callApi(plain.api, "GET", `/flows/${client.flowId}`, {
      headers: withCookie(client.token),
    });
    await plain.close();
    expect([refused.http, faultsIn(refused)]).toEqual([400, ["tokenDelivery unknown"]]);
    expect(client.token).toMatch(/^[\w-]{43}$/);
    expect([read.http, faultsIn(read)]).toEqual([400, ["authorization missing"]]);
    expect(read.headers.get("access-control-allow-credentials")).toBeNull();
  });
});
