import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientSteps, steps } from "../../lib/flow/steps.ts";
import { people } from "../simulator/people.ts";
import { clientAt } from "../support/client-at.ts";
import { callApi } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { targetOf } from "../support/step-scenes.ts";

/** A transaction counts a try against all of its limits; a second one knows those that are in use. */
const ofLimits = "TransactWriteItems";
const mostForLimits = 2;

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

/** What a request to the API asks of the table: of the flow's row, and of the limits. */
async function requestsOf(work: () => Promise<unknown>) {
  const before = product.tableRequests.length;
  await work();
  const made = product.tableRequests.slice(before);
  return {
    ofRow: made.filter((name) => name !== ofLimits),
    forLimits: made.filter((name) => name === ofLimits).length,
  };
}

describe("what a request costs at the table", () => {
  it("of a start: one write", async () => {
    const { ofRow, forLimits } = await requestsOf(() => product.client().start({}));
    expect(ofRow).toEqual(["PutItem"]);
    expect(forLimits).toBe(0);
  });

  it("of a start with a hint: one write beside the limits", async () => {
    const loginHint = people.emailOtp.username;
    const { ofRow, forLimits } = await requestsOf(() => product.client().start({ loginHint }));
    expect(ofRow).toEqual(["PutItem"]);
    expect(forLimits).toBeGreaterThan(0);
    expect(forLimits).toBeLessThanOrEqual(mostForLimits);
  });

  it("of a start under a key: a claim and a commit, and one more look when it comes again", async () => {
    const headers = { "idempotency-key": '"a-key-of-at-least-128-bits-for-counting-writes"' };
    const body = { codeChallenge: product.client().pkce.challenge };
    const start = () => callApi(product.api, "POST", "/flows", { body, headers });
    expect((await requestsOf(start)).ofRow).toEqual(["PutItem", "UpdateItem"]);
    expect((await requestsOf(start)).ofRow).toEqual(["PutItem"]);
  });

  it("of a read: one read", async () => {
    const { client } = await clientAt(product, "password");
    expect(await requestsOf(() => client.status())).toEqual({ ofRow: ["GetItem"], forLimits: 0 });
  });

  it("of a cancellation: one write, and a read before it where an application ends sessions", async () => {
    const { client } = await clientAt(product, "password");
    const { ofRow, forLimits } = await requestsOf(() => client.cancel());
    expect(ofRow).toEqual(["GetItem", "DeleteItem"]);
    expect(forLimits).toBe(0);
  });

  it.each(clientSteps)("of %s: a claim and a commit, beside the limits", async (step) => {
    const { client, right } = await clientAt(product, step);
    const { ofRow, forLimits } = await requestsOf(() => client.step(step, right));
    expect(ofRow).toEqual(["UpdateItem", "UpdateItem"]);
    expect(forLimits).toBeLessThanOrEqual(mostForLimits);
  });

  // Of an exchange nothing can be learned by reading: it ends the flow, in as many requests.
  it.each(clientSteps.filter((step) => steps[step].call.kind === "action"))(
    "of settling %s: a read, a claim and a commit",
    async (step) => {
      const { client, right } = await clientAt(product, step);
      product.simulator.faults.script({ kind: "reset", on: targetOf(step), applied: true });
      await client.step(step, right);
      expect(await requestsOf(() => client.status())).toEqual({
        ofRow: ["GetItem", "UpdateItem", "UpdateItem"],
        forLimits: 0,
      });
    },
  );
});
