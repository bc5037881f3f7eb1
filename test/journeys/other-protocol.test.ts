import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientSteps } from "../../lib/flow/steps.ts";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import type { ApiReply, FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { approach, targetOf } from "../support/step-scenes.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const { username: john } = people.emailOtp;
const { username: petra } = people.push;

const next = { next: { href: "https://auth.example/env/davinci/connections/c/capabilities/x" } };
/** What DaVinci answers in the middle, at its end, and when it fails (docs/pingone.md §1.4). */
const shapes: readonly (readonly [number, Readonly<Record<string, unknown>>])[] = [
  [200, { interactionId: "i", interactionToken: "t", capabilityName: "customHTMLTemplate", _links: next }],
  [200, { interactionId: "i", id: "x", status: "continue", eventName: "continue", form: {}, _links: next }],
  [200, { id: "x", interactionToken: "t", status: "COMPLETED", success: true, _links: next }],
  [400, { interactionId: "i", connectorId: "c", code: "INVALID_DATA", httpResponseCode: 400, details: [{}] }],
];

async function started(policy: string): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy });
  return client;
}

/** Each place where PingOne is asked: what comes before, which call it is, and the request that makes it. */
const places: readonly {
  readonly name: string;
  readonly on: Fault["on"];
  readonly at: () => Promise<() => Promise<ApiReply>>;
}[] = [
  {
    name: "start",
    on: "authorize",
    at: async () => () => product.client().start({ policy: "Single_Factor" }),
  },
  {
    name: "a start that names a person",
    on: "authorize",
    at: async () => () => product.client().start({ policy: "Passwordless", loginHint: john }),
  },
  ...clientSteps.map((step) => ({
    name: step,
    on: targetOf(step),
    at: () => approach(step, product.client(), product.simulator),
  })),
  {
    name: "a status that polls a push",
    on: "read",
    at: async () => {
      const client = await started("Multi_Factor");
      await client.step("password", { username: petra, password });
      return () => client.status();
    },
  },
  {
    name: "a status that settles a doubt",
    on: "read",
    at: async () => {
      const client = await started("Single_Factor");
      product.simulator.faults.script({ on: "usernamePassword.check", kind: "status", status: 500 });
      await client.step("password", { username, password });
      return () => client.status();
    },
  },
];

describe("another protocol in the place of PingOne's ends the flow by name, with a pointer to the browser:", () => {
  it.each(places)("at $name", async ({ on, at }) => {
    for (const [status, body] of shapes) {
      const request = await at();
      product.simulator.faults.script({ on, kind: "reply", status, body, applied: false });
      const reply = await request();
      expect(reply.http).toBe(501);
      expect(reply.body).toMatchObject({ error: "unsupported-step", fallback: "browser", flowEnded: true });
    }
  });
});
