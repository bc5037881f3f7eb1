import { expect, it, onTestFinished } from "vitest";
import { createProduct } from "../support/product.ts";
import { registered } from "../support/stand-in.ts";

it("has a secret read anew where PingOne may not take it, and not for a name that nobody has", async () => {
  const forgotten: string[] = [];
  const { clientSecret } = registered.web;
  const secrets = { of: async () => clientSecret, forget: (name: string) => void forgotten.push(name) };
  const product = await createProduct({}, { secrets });
  onTestFinished(() => product.close());
  const hinted = { application: "web", policy: "Passwordless", loginHint: "nobody@example.com" };
  expect((await product.client().start(hinted)).http).not.toBe(201);
  expect(forgotten).toEqual([]);
  product.simulator.faults.script({ on: "authorize", kind: "status", status: 400 });
  await product.client().start({ application: "web" });
  expect(forgotten).toEqual(["web"]);
});
