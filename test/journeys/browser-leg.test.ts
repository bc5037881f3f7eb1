import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { registered } from "../support/stand-in.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

const { username, password } = people.emailOtp;
const Leg = z.strictObject({ url: z.url(), state: z.string(), nonce: z.string() });

/** A flow in a status that nobody knows. */
async function stuck(): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy: "Multi_Factor" });
  product.simulator.faults.script({ on: "usernamePassword.check", kind: "unknown-status", status: "NEW" });
  const reply = await client.step("password", { username, password });
  expect(reply.body).toMatchObject({ status: "NEW", next: [], fallback: "browser" });
  return client;
}

async function legOf(client: FlowClient) {
  const { body } = await client.status();
  return Leg.parse(body["browser"]);
}

describe("a read of a flow that can't be led on", () => {
  it("tells where a browser signs on, for the same challenge and policy", async () => {
    const client = await stuck();
    const { url, state, nonce } = await legOf(client);
    const { origin, pathname, searchParams } = new URL(url);
    expect(`${origin}${pathname}`).toBe(`${product.simulator.baseUrl}/as/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ response_type: "code", acr_values: "Multi_Factor", scope: "openid profile email" },
      ...{ client_id: registered.mobile.clientId, redirect_uri: registered.mobile.redirectUris[0] },
      ...{ code_challenge: client.pkce.challenge, code_challenge_method: "S256", state, nonce },
    });
    // PingOne takes it, and shows its page.
    const page = await fetch(url, { redirect: "manual", headers: { "accept-encoding": "identity" } });
    expect([page.status, page.headers.get("location")]).toEqual([302, expect.stringContaining("/signon/")]);
  });

  it("tells PingOne there as well how long ago the person may have signed on", async () => {
    const client = product.client();
    product.simulator.faults.script({ on: "authorize", kind: "unknown-status", status: "NEW" });
    await client.start({ maxAge: 0 });
    expect(new URL((await legOf(client)).url).searchParams.get("max_age")).toBe("0");
  });

  it("draws state and nonce anew each time, and keeps them nowhere", async () => {
    const client = await stuck();
    const row = await product.rowOf(client.flowId);
    const [first, second] = [await legOf(client), await legOf(client)];
    expect(second.state).not.toBe(first.state);
    expect(second.nonce).not.toBe(first.nonce);
    expect(await product.rowOf(client.flowId)).toEqual(row);
  });
});

describe("a name of another directory", () => {
  it.each(["hints", "minimal"])(
    "is told whose it is with %s, and where a browser goes on",
    async (DISCLOSURE) => {
      const other = await createProduct({ DISCLOSURE });
      try {
        const client = other.client();
        await client.start({ policy: "Identifier_First" });
        const reply = await client.step("lookup", { username: "pat@partner.example" });
        expect(reply.body).toMatchObject({
          ...{ status: "EXTERNAL_AUTHENTICATION_REQUIRED", next: [], fallback: "browser" },
          identityProvider: { name: "Partner's directory", type: "OPENID_CONNECT" },
        });
        // PingOne's link to it has PingOne's id of the flow in it.
        expect(reply.text).not.toContain("rp/authenticate");
        expect(Leg.parse((await client.status()).body["browser"]).url).toContain(
          "acr_values=Identifier_First",
        );
      } finally {
        await other.close();
      }
    },
  );
});
