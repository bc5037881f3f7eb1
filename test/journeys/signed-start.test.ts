import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { registered } from "../support/stand-in.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

const { clientId, clientSecret } = registered.web;
const secretKey = new TextEncoder().encode(clientSecret);

/** What was asked of PingOne since so many calls. */
function asked(since: number) {
  return product.simulator.calls.slice(since);
}

function formOf(call: { readonly body: string } | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(call?.body));
}

describe("a start", () => {
  it("tells PingOne the person's address in a request that we sign, where the application says so", async () => {
    const before = product.simulator.calls.length;
    await product.client().start({ application: "web" });
    await product.client().start({ application: "office" });
    const [signed, plain] = asked(before).map(formOf);
    const now = { currentDate: new Date(product.clock.now()) };
    const { payload } = await jwtVerify(signed?.["request"] ?? "", secretKey, now);
    expect(payload).toMatchObject({
      ...{ iss: clientId, aud: `${product.simulator.baseUrl}/as`, "pi.remoteIp": "127.0.0.1" },
    });
    expect(plain).not.toHaveProperty("request");
  });

  it("says how long ago the person may have signed on", async () => {
    const before = product.simulator.calls.length;
    const started = await callApi(product.api, "POST", "/flows", {
      body: { codeChallenge: product.client().pkce.challenge, maxAge: 300 },
    });
    expect(started.http).toBe(201);
    expect(formOf(asked(before)[0])).toMatchObject({ max_age: "300" });
  });

  it("is not sent unsigned where the secret can't be had", async () => {
    const secrets = { of: async () => undefined, forget: () => undefined };
    const other = await createProduct({}, { secrets });
    try {
      const reply = await other.client().start({ application: "web" });
      expect(reply.body).toMatchObject({ error: "upstream-unavailable" });
      expect(other.simulator.calls).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
