import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import { StoreUnavailable } from "../../lib/flow/store.ts";
import { people } from "../simulator/people.ts";
import { tokenIn } from "../support/flow-client.ts";
import { createProduct, type Product, type ProductOptions } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;

async function withPorts(
  ports: ProductOptions["ports"],
  visit: (product: Product) => Promise<void>,
): Promise<void> {
  const other = await createProduct({}, ports === undefined ? {} : { ports });
  try {
    await visit(other);
  } finally {
    await other.close();
  }
}

describe("a lockout", () => {
  it("is kept for a repetition: PingOne sees the password once", async () => {
    const client = product.client();
    await client.start();
    const { token } = client;
    const before = product.simulator.calls.length;
    const body = { username: people.lockedTimed.username, password };
    const first = await client.step("password", body);
    expect(first.body).toMatchObject({ error: "locked-out", retryable: true, attemptCounted: true });
    const again = await client.step("password", body, token);
    expect(tokenIn(again)).toMatch(/^[\w-]{43}$/);
    expect(again.body.flow).toEqual(first.body.flow);
    expect(again.headers.get("retry-after")).toBe(first.headers.get("retry-after"));
    expect(product.simulator.calls).toHaveLength(before + 1);
  });

  it("without an end is not for the client to retry", async () => {
    const client = product.client();
    await client.start();
    const reply = await client.step("password", { username: people.lockedForever.username, password });
    expect(reply.body).toMatchObject({ error: "locked-out", retryable: false });
    expect(reply.headers.get("retry-after")).toBeNull();
  });
});

describe("a start with a hint", () => {
  const hinted = { policy: "Passwordless", loginHint: people.emailOtp.username };

  it("whose outcome is lost is not to be sent again: a code may be on its way", async () => {
    product.simulator.faults.script({ on: "authorize", kind: "status", status: 500, applied: true });
    const reply = await product.client().start(hinted);
    expect(reply.body).toMatchObject({ error: "restart-required", flowEnded: true, retryable: false });
  });

  it("without a hint may be: nothing was spent", async () => {
    product.simulator.faults.script({ on: "authorize", kind: "status", status: 500, applied: true });
    expect((await product.client().start()).body).toMatchObject({
      error: "upstream-unavailable",
      retryable: true,
    });
  });

  it("that can't be stored is not to be sent again either", async () => {
    const failing = (ports: FlowPorts) => ({
      ...ports,
      store: { ...ports.store, create: () => Promise.reject(new StoreUnavailable("down")) },
    });
    await withPorts(failing, async (broken) => {
      expect((await broken.client().start(hinted)).body).toMatchObject({ error: "restart-required" });
      expect((await broken.client().start()).body).toMatchObject({ error: "upstream-unavailable" });
    });
  });

  it("for a name nobody has is rejected like a lookup of it", async () => {
    const reply = await product.client().start({ policy: "Passwordless", loginHint: "nobody@example.com" });
    expect([reply.http, reply.body.error]).toEqual([422, "credentials-rejected"]);
  });

  it("that PingOne fails at once is told so", async () => {
    product.simulator.faults.script({ on: "authorize", kind: "failed", code: "MFA_DISABLED" });
    const reply = await product.client().start();
    expect(reply.body).toMatchObject({ error: "flow-failed", flowEnded: true, failure: "MFA_DISABLED" });
  });
});

describe("resume, when PingOne", () => {
  it.each([
    ["ends the sign-on with an OAuth error", "denied", "flow-failed", "FAILED"],
    ["no longer knows the session", "signed-out", "restart-required", "RESTART_REQUIRED"],
  ] as const)("%s: the flow has ended, and its cookies are gone", async (_, kind, error, status) => {
    const answering = (ports: FlowPorts) => ({
      ...ports,
      provider: {
        ...ports.provider,
        act: async (...call: Parameters<FlowPorts["provider"]["act"]>) => {
          const upstream = await ports.provider.act(...call);
          return call[0].step === "resume" ? { ...upstream, answer: { kind } } : upstream;
        },
      },
    });
    const stores: FlowPorts["store"][] = [];
    const keeping = (ports: FlowPorts) => {
      stores.push(ports.store);
      return answering(ports);
    };
    await withPorts(keeping, async (other) => {
      const client = other.client();
      await client.start();
      await client.step("password", { username, password });
      const reply = await client.step("resume");
      expect(reply.body).toMatchObject({ error, flowEnded: true });
      expect((await client.status()).body).toMatchObject({ status, next: [] });
      const found = await stores[0]?.read({ flowId: client.flowId, flowToken: client.token });
      expect(found?.jar?.cookies).toEqual([]);
    });
  });
});

describe("a function that was frozen between its claim and its call", () => {
  it("does not begin what its lease can't hold, and costs nothing", async () => {
    let thaw = () => {};
    const freezing = (ports: FlowPorts) => ({
      ...ports,
      store: {
        ...ports.store,
        claim: async (...request: Parameters<FlowPorts["store"]["claim"]>) => {
          const result = await ports.store.claim(...request);
          thaw();
          return result;
        },
      },
    });
    await withPorts(freezing, async (other) => {
      thaw = () => other.clock.advance(10_000);
      const client = other.client();
      await client.start();
      const before = other.simulator.calls.length;
      const reply = await client.step("password", { username, password });
      expect(reply.body).toMatchObject({ error: "upstream-unavailable", attemptCounted: false });
      expect(other.simulator.calls).toHaveLength(before);
      expect(await other.rowOf(client.flowId)).toMatchObject({ attempts: 0 });
    });
  });
});

describe("a flow whose application is gone", () => {
  it("ends by name, and stays ended", async () => {
    const renamed = (ports: FlowPorts) => {
      const settings = { ...ports.settings, applications: { ...ports.settings.applications } };
      const { provider } = ports;
      return {
        ...ports,
        settings,
        provider: {
          ...provider,
          start: async (...call: Parameters<typeof provider.start>) => {
            const upstream = await provider.start(...call);
            return { ...upstream, jar: { ...upstream.jar, application: "retired" } };
          },
        },
      };
    };
    await withPorts(renamed, async (other) => {
      const client = other.client();
      await client.start();
      const reply = await client.step("password", { username, password });
      expect(reply.body).toMatchObject({ error: "restart-required", flowEnded: true });
      expect((await client.status()).body).toMatchObject({ status: "RESTART_REQUIRED", next: [] });
    });
  });
});

describe("GET of a flow without attempts left", () => {
  it("offers only what can still be taken, and the way out where that is nothing", async () => {
    const other = await createProduct({ ATTEMPT_LIMIT: "1" });
    try {
      const client = other.client();
      await client.start();
      const rejected = await client.step("password", { username, password: "wrong" });
      expect(rejected.body.flow).toMatchObject({ next: [], fallback: "browser" });
      const { body } = await client.status();
      expect(body).toMatchObject({ next: [], fallback: "browser", browser: { url: expect.any(String) } });
    } finally {
      await other.close();
    }
  });

  it("has no code sent that could not be tried any more", async () => {
    const { username: dora, devices } = people.twoDevices;
    const deviceId = devices[1].id;
    for (const limits of [{ ATTEMPT_LIMIT: "3" }, { CREDENTIAL_LIMIT: "1" }]) {
      const other = await createProduct(limits);
      try {
        const client = other.client();
        await client.start({ policy: "Passwordless" });
        await client.step("lookup", { username: dora });
        await client.step("device", { deviceId });
        if ("CREDENTIAL_LIMIT" in limits) await client.step("otp", { otp: wrongFor(other.code(dora)) });
        const calls = other.simulator.calls.length;
        const { body } = await client.step("device", { deviceId });
        expect(body).toMatchObject({ error: "attempts-exhausted", attemptCounted: false });
        expect(other.simulator.calls).toHaveLength(calls);
        const offered = "CREDENTIAL_LIMIT" in limits ? [] : ["otp"];
        expect((await client.status()).body.next).toEqual(offered);
      } finally {
        await other.close();
      }
    }
  });
});

function wrongFor(code: string): string {
  return code === "000000" ? "111111" : "000000";
}
