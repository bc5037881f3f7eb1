import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { type FlowClient, tokenIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
/** Holds PingOne's answer back until it is opened. */
let gate: Promise<void> = Promise.resolve();

beforeAll(async () => {
  product = await createProduct(
    {},
    {
      ports: ({ provider, ...ports }) => ({
        ...ports,
        provider: {
          ...provider,
          act: async (...call) => {
            const upstream = await provider.act(...call);
            await gate;
            return upstream;
          },
        },
      }),
    },
  );
});
afterAll(() => product.close());

const { username, password } = people.passwordOnly;

async function started(): Promise<FlowClient> {
  const client = product.client();
  await client.start();
  return client;
}

describe("two submits of one step at once", () => {
  it("make one PingOne call, one success and one step-in-progress", async () => {
    const client = await started();
    const { token } = client;
    const before = product.simulator.calls.length;
    const { promise, resolve: open } = Promise.withResolvers<void>();
    gate = promise;
    const submits = [1, 2].map(() => client.step("password", { username, password }, token));
    const loser = await Promise.race(submits);
    open();
    const replies = await Promise.all(submits);
    expect(replies.map(({ http }) => http).sort()).toEqual([200, 409]);
    expect(loser.body).toMatchObject({ error: "step-in-progress", retryable: true, flowEnded: false });
    expect(loser.headers.get("retry-after")).toBe("1");
    expect(product.simulator.calls.slice(before).map(({ action }) => action)).toEqual([
      "usernamePassword.check",
    ]);
  });

  it("let a reader see what is pending", async () => {
    const client = await started();
    const { token } = client;
    const before = product.simulator.calls.length;
    const { promise, resolve: open } = Promise.withResolvers<void>();
    gate = promise;
    const submitted = client.step("password", { username, password });
    await product.called(before + 1);
    const status = await client.status(token);
    const cancelled = await client.cancel(token);
    open();
    expect(status.body).toMatchObject({ status: "USERNAME_PASSWORD_REQUIRED", pending: "password" });
    expect(cancelled.body).toMatchObject({ error: "step-in-progress" });
    expect((await submitted).http).toBe(200);
  });
});

describe("the same request repeated with the old token", () => {
  it("gets the same reply, and PingOne is not asked", async () => {
    const client = await started();
    const { token } = client;
    const first = await client.step("password", { username, password });
    const before = product.simulator.calls.length;
    const again = await client.step("password", { password, username }, token);
    expect(again.text).toBe(first.text);
    expect(again.http).toBe(200);
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("gets the same problem with the same next token, for a rejection", async () => {
    const client = await started();
    const { token } = client;
    const wrong = { username, password: "not-the-one" };
    const first = await client.step("password", wrong);
    const again = await client.step("password", wrong, token);
    const { requestId, instance, ...told } = again.body;
    expect(first.body).toMatchObject({ error: "credentials-rejected", attemptCounted: true, ...told });
    expect(tokenIn(again)).toMatch(/^[\w-]{43}$/);
    expect(again.body.flow).toEqual(first.body.flow);
    expect(requestId).not.toBe(first.body["requestId"]);
    expect(instance).toBe(`/requests/${requestId}`);
  });

  it("is superseded when the request is another one", async () => {
    const client = await started();
    const { token } = client;
    await client.step("password", { username, password });
    const before = product.simulator.calls.length;
    for (const reply of [
      await client.step("password", { username, password: "another" }, token),
      await client.step("resume", undefined, token),
      await client.status(token),
      await client.cancel(token),
    ]) {
      expect(reply.http).toBe(409);
      expect(reply.body).toMatchObject({ error: "token-superseded", flowEnded: false, retryable: false });
    }
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("gives no more after five others: nobody finds a password or a code by trying them here", async () => {
    const client = await started();
    const { token } = client;
    await client.step("password", { username, password });
    const before = product.simulator.calls.length;
    for (const guess of ["one", "two", "three", "four", "five", password]) {
      const reply = await client.step("password", { username, password: guess }, token);
      expect(reply.body).toMatchObject({ error: "token-superseded", flowEnded: false });
    }
    expect(product.simulator.calls).toHaveLength(before);
    expect((await client.step("resume")).http).toBe(200);
  });

  it("is unknown once two answers have followed it", async () => {
    const client = await started();
    const { token } = client;
    await client.step("password", { username, password: "wrong" });
    await client.step("password", { username, password });
    const reply = await client.step("password", { username, password: "wrong" }, token);
    expect(reply.body).toMatchObject({ error: "flow-not-found" });
  });
});

describe("POST /flows/{flowId}/resume, asked again", () => {
  it("gives the same code to the holder of the old and of the new token for 60 s", async () => {
    const client = await started();
    await client.step("password", { username, password });
    const { token } = client;
    const first = await client.step("resume");
    const before = product.simulator.calls.length;
    product.clock.advance(59_000);
    const old = await client.step("resume", undefined, token);
    const current = await client.step("resume");
    expect(old.text).toBe(first.text);
    const { flowToken: _, ...authorization } = first.body;
    expect(current.body).toEqual(authorization);
    expect((await client.status()).body).toMatchObject({ status: "RESUMED", next: [] });
    product.clock.advance(1_001);
    for (const late of [await client.step("resume", undefined, token), await client.step("resume")]) {
      expect(late.body).toMatchObject({ error: "flow-expired", flowEnded: true });
    }
    expect(product.simulator.calls).toHaveLength(before);
  });
});

describe("DELETE /flows/{flowId}", () => {
  it("forgets the flow and everything PingOne gave for it", async () => {
    const client = await started();
    await client.step("password", { username, password });
    const cancelled = await client.cancel();
    expect([cancelled.http, cancelled.text]).toEqual([204, ""]);
    expect(await product.rowOf(client.flowId)).toBeUndefined();
    expect((await client.step("resume")).body).toMatchObject({ error: "flow-not-found" });
  });
});
