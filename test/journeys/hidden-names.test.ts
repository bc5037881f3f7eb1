import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asksAboutName, clientSteps, steps } from "../../lib/flow/steps.ts";
import { people } from "../simulator/people.ts";
import type { Place } from "../simulator/reason.ts";
import { createProducts, disclosures, type Products } from "../support/disclosures.ts";
import type { ApiReply } from "../support/flow-client.ts";
import { likenessOf } from "../support/likeness.ts";
import { createProduct, type Product } from "../support/product.ts";
import { approach, targetOf } from "../support/step-scenes.ts";

const places: readonly Place[] = ["body-4xx", "failed-200", "open-200"];
const hiding = clientSteps.filter((step) => asksAboutName(step) && steps[step].hidesNames === true);
const ofPerson = ["PASSWORD_LOCKED_OUT", "MFA_DISABLED"] as const;

let products: Products;
beforeAll(async () => {
  products = await createProducts();
});
afterAll(() => Promise.all(Object.values(products ?? {}).map((product) => product.close())));

/** What is answered where PingOne gives a reason; where it has none, as to anybody whom it knows. */
async function told(
  at: Product,
  step: (typeof hiding)[number],
  code?: string,
  place?: Place,
): Promise<ApiReply> {
  const ask = await approach(step, at.client(), at.simulator);
  if (code !== undefined) {
    const target = code.startsWith("INVALID") ? { target: "username" } : {};
    at.simulator.faults.script({
      ...{ on: targetOf(step), kind: "reason", details: [{ code, ...target }], in: place },
    });
  }
  return ask();
}

describe.each(hiding)("no reason at %s tells who exists", (step) => {
  const codes = new Set<string>(steps[step].rejections.map(({ code }) => code));

  it.each(disclosures)("with %s", async (disclosure) => {
    const known = likenessOf(await told(products[disclosure], step));
    for (const code of [...codes, ...ofPerson]) {
      for (const place of places) {
        const looks = likenessOf(await told(products[disclosure], step, code, place));
        expect({ code, place, looks }).toEqual({ code, place, looks: known });
      }
    }
  });

  it.each(["notFound", "sameStatus"] as const)(
    "whatever PingOne answers to an unknown name: %s",
    async (unknownName) => {
      const product = await createProduct({}, { switches: { unknownName } });
      try {
        const ask = async (username: string) => {
          const client = product.client();
          await client.start({ policy: "Self_Service" });
          const first = await client.step("password-forgot", { username });
          const again = await client.step("recovery-code", undefined);
          const body = { recoveryCode: "wrong-code", newPassword: "Quiet-Meadow-77" };
          const wrong = await client.step("password-recover", body);
          return [first, again, wrong].map(likenessOf);
        };
        expect(await ask("nobody@example.com")).toEqual(await ask(people.passwordOnly.username));
      } finally {
        await product.close();
      }
    },
  );
});

it("both codes may be pasted as they were printed", async () => {
  const product = products.hints;
  const client = product.client();
  await client.start({ policy: "Self_Service" });
  const { username } = product.simulator.enrol(people.passwordOnly);
  await client.step("password-forgot", { username });
  const code = product.code(username) ?? "";
  const pasted = `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}\u00a0`;
  const reply = await client.step("password-recover", {
    recoveryCode: pasted,
    newPassword: "Quiet-Meadow-78",
  });
  expect(reply.body.status).toBe("COMPLETED");
});

it("a registration that can't go on for want of a second factor is named as what it is", async () => {
  for (const disclosure of disclosures) {
    const product = products[disclosure];
    const client = product.client();
    await client.start({ policy: "Self_Service_Multi_Factor" });
    const username = `${disclosure}.new@example.com`;
    await client.step("register", { username, email: username, password: "Quiet-Meadow-79" });
    const reply = await client.step("verify", { verificationCode: product.code(username) ?? "" });
    expect(reply.body).toMatchObject({ error: "flow-failed", failure: "MFA_DISABLED", flowEnded: true });
  }
});
