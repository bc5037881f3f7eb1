import { describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { createProduct } from "../support/product.ts";

const { username, password } = people.passwordOnly;

describe("a claim whose holder fell silent", () => {
  it("is settled once its lease has ended, and not before", async () => {
    let silent = true;
    const dying = await createProduct(
      {},
      {
        switches: { cookiesAt: "authorize" },
        ports: ({ provider, ...ports }) => ({
          ...ports,
          provider: {
            ...provider,
            act: async (command, jar, application, device) => {
              const upstream = await provider.act(command, jar, application, device);
              return silent ? new Promise(() => {}) : upstream;
            },
          },
        }),
      },
    );
    try {
      const client = dying.client();
      await client.start();
      const before = dying.simulator.calls.length;
      const never = client.step("password", { username, password }).catch(() => undefined);
      await dying.called(before + 1);
      await dying.until(() => dying.simulator.calls[before]?.status === 200);
      dying.clock.advance(16_999);
      expect((await client.status()).body).toMatchObject({ pending: "password" });
      dying.clock.advance(1);
      silent = false;
      const settled = await client.status();
      expect(settled.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
      client.token = settled.body.flowToken ?? "";
      expect(await dying.finish(client)).toMatchObject({ preferred_username: username });
      expect(
        dying.simulator.calls
          .slice(before)
          .map(({ action }) => action)
          .slice(0, 3),
      ).toEqual(["usernamePassword.check", "read", "resume"]);
      await dying.close();
      await never;
    } finally {
      await dying.close();
    }
  });
});

describe("eight settlers at once", () => {
  it("settle once: one answer, the others told by name, one read", async () => {
    const product = await createProduct();
    const client = product.client();
    await client.start();
    product.simulator.faults.script({ on: "usernamePassword.check", kind: "reset", applied: true });
    await client.step("password", { username, password });
    const before = product.simulator.calls.length;
    const { token } = client;
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.status(token)));
    await product.close();
    expect(product.simulator.calls.slice(before).map(({ action }) => action)).toEqual(["read"]);
    expect(replies.filter(({ body }) => body.flowToken !== undefined)).toHaveLength(1);
    for (const { http, body } of replies.filter((reply) => reply.body.flowToken === undefined)) {
      expect([200, 409]).toContain(http);
      expect(body["pending"] ?? body.error).toMatch(/^(password|step-in-progress|token-superseded)$/);
    }
  });
});
