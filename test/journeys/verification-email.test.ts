import { afterAll, beforeAll, expect, it } from "vitest";
import { createProducts, type Products } from "../support/disclosures.ts";
import { approach } from "../support/step-scenes.ts";

let products: Products;
beforeAll(async () => {
  products = await createProducts();
});
afterAll(() => Promise.all(Object.values(products).map((product) => product.close())));

it.each([
  ["hints", expect.stringMatching(/^ne\*{4}@/)],
  ["minimal", undefined],
] as const)(
  "after a registration the view has the masked address of the code as %s permits",
  async (kind, email) => {
    const { [kind]: product } = products;
    const client = product.client();
    const registered = await (await approach("register", client, product.simulator))();
    expect(registered.body).toMatchObject({ status: "VERIFICATION_CODE_REQUIRED" });
    expect([registered.body["email"], (await client.status()).body["email"]]).toEqual([email, email]);
  },
);

it("shows no address that isn't masked", async () => {
  const { hints: product } = products;
  const client = product.client();
  const right = await approach("register", client, product.simulator);
  const body = {
    id: "unmasked",
    status: "VERIFICATION_CODE_REQUIRED",
    _links: { "user.verify": {} },
    email: "ann@example.com",
  };
  product.simulator.faults.script({ on: "user.register", kind: "reply", status: 200, body });
  const { text } = await right();
  expect(text).toContain("VERIFICATION_CODE_REQUIRED");
  expect(text).not.toContain("ann@example.com");
});
