import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { createProduct, type Product } from "../support/product.ts";

const { username, password } = people.passwordOnly;

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

/** Signs on while PingOne sends further cookies, and gives those that came with the request for the code. */
async function sentToResume(setCookie: readonly string[]) {
  const client = product.client();
  await client.start();
  product.simulator.faults.script({ on: "usernamePassword.check", kind: "extra-cookies", setCookie });
  await client.step("password", { username, password });
  expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  const resumed = product.simulator.calls.findLast(({ action }) => action === "resume");
  return Object.keys(resumed?.cookies ?? {});
}

describe("the session of a sign-on", () => {
  it.each([
    "ST=; Path=/; Max-Age=0",
    "ST=; Path=/signon; Max-Age=0",
    "ST=; Max-Age=0",
    "ST=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "ST=another; Path=/",
    "ST=another; Path=/signon",
    "ST=another",
    "ST=; Domain=elsewhere.example; Max-Age=0",
  ])("outlives a cookie of its name for another place: %s", async (line) => {
    expect(await sentToResume([line])).toEqual(["ST", "ST-NO-SS"]);
  });

  it("is fetched with the cookies that are for that request, and no others", async () => {
    const here = `Path=/${product.simulator.environmentId}`;
    const lines = [`a=1; ${here}`, `b=2; ${here}/as`, `c=3; ${here}/flows`, "d=4", "e=5; Path=/"];
    expect(await sentToResume(lines)).toEqual(["b", "ST", "ST-NO-SS", "a", "e"]);
  });
});
