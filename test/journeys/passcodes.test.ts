import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { createProduct, type Product } from "../support/product.ts";

const disclosures = ["hints", "minimal"] as const;
const { username } = people.emailOtp;

const fullWidth = (code: string) =>
  code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff_10 + Number(digit)));

/** How a code may be pasted. */
const pasted: readonly [string, (code: string) => string][] = [
  ["with a blank in it", (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ["with a no-break blank in it", (code) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`],
  ["with a dash in it", (code) => `${code.slice(0, 3)}\u2013${code.slice(3)}`],
  ["in full-width digits", fullWidth],
  [
    "in Arabic digits",
    (code) => code.replaceAll(/\d/g, (one) => String.fromCodePoint(0x06_60 + Number(one))),
  ],
];

describe.each(disclosures)("with %s, a passcode that is pasted", (disclosure) => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct({ DISCLOSURE: disclosure }, { switches: { cookiesAt: "authorize" } });
  });
  afterAll(() => product?.close());

  it.each(pasted)("%s signs on, and PingOne gets plain digits", async (_, spelled) => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    await client.step("lookup", { username });
    const code = product.code(username);
    expect((await client.step("otp", { otp: spelled(code) })).body.status).toBe("COMPLETED");
    expect(product.simulator.calls.at(-1)?.body).toBe(JSON.stringify({ otp: code }));
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each(pasted)("%s is the same request as in plain digits", async (_, spelled) => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    await client.step("lookup", { username });
    const { token } = client;
    const code = product.code(username);
    const first = await client.step("otp", { otp: code });
    const before = product.simulator.calls.length;
    expect((await client.step("otp", { otp: spelled(code) }, token)).text).toBe(first.text);
    expect(product.simulator.calls).toHaveLength(before);
  });
});
