import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => {
  product.simulator.faults.clear();
  product.clock.advance(60_000);
});
afterAll(() => product?.close());

const { username, password } = people.passwordOnly;

/** Has PingOne refuse one lookup with 429. */
function limit(wait: number, detail: object): void {
  product.simulator.faults.script({
    ...{ on: "user.lookup", kind: "reply", status: 429, applied: false },
    headers: { "retry-after": `${wait}` },
    body: { code: "REQUEST_LIMITED", details: [detail] },
  });
}

async function signOn(): Promise<unknown> {
  const client = product.client();
  await client.start({ policy: "Single_Factor" });
  await client.step("password", { username, password });
  return product.finish(client);
}

describe("a limit of PingOne's that one person meets", () => {
  it.each<[string, number, object]>([
    ["for their name", 5, { code: "LIMIT_EXCEEDED", target: "username" }],
    ["for their messages", 5, { code: "QUOTA_EXCEEDED", innerError: { quotaLimit: 50 } }],
    ["for longer than rates are limited", 1_800, { code: "LIMIT_EXCEEDED" }],
  ])("%s is theirs, while everybody else signs on", async (_name, wait, detail) => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    limit(wait, detail);
    const refused = await client.step("lookup", { username: people.emailOtp.username });
    expect([refused.http, refused.headers.get("retry-after")]).toEqual([429, `${wait}`]);
    expect(await signOn()).toMatchObject({ preferred_username: username });
  });

  it("which is our address's holds everybody back until it is over", async () => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    limit(5, { code: "LIMIT_EXCEEDED" });
    await client.step("lookup", { username: people.emailOtp.username });
    const calls = product.simulator.calls.length;
    const held = await product.client().start();
    expect([held.http, held.headers.get("retry-after")]).toEqual([429, "5"]);
    expect(product.simulator.calls).toHaveLength(calls);
    product.clock.advance(5_000);
    expect(await signOn()).toMatchObject({ preferred_username: username });
  });
});
