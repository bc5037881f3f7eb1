import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import { StoreUnavailable } from "../../lib/flow/store.ts";
import { PASSWORD_LOCKOUT_MS } from "../simulator/accounts.ts";
import { people } from "../simulator/people.ts";
import { type ApiReply, callApi, createPkce, type FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

const { username, password } = people.passwordOnly;
const lockMs = PASSWORD_LOCKOUT_MS + 60_000;
const unknown = "nobody@example.com";
const limits = { NAME_LIMIT: "3", NETWORK_LIMIT: "8", LIMIT_WINDOW_SECONDS: "60" };
const tooMany = { error: "rate-limited", flowEnded: false, retryable: true, attemptCounted: false };

let product: Product;
beforeAll(async () => {
  product = await createProduct(limits);
});
afterAll(() => product.close());

/**
 * A flow of its own for each request; by then nobody has asked for anything lately, and nobody is locked out.
 */
async function calmly(policy: string): Promise<() => Promise<FlowClient>> {
  product.clock.advance(lockMs);
  return async () => {
    const client = product.client();
    await client.start({ policy });
    return client;
  };
}

/** The same name to a reader, or to a directory: no two with the same characters. */
const spellings: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => `  ${name}\u3000`,
  (name) => name.replace("a", "\uff41"),
  (name) => name.replace("n", "n\u200b"),
  (name) => name.replace("n", "n\u00ad"),
  (name) => name.replace("n", "n\ufe0f"),
  (name) => `\u202e${name}\u202c`,
  (name) => name.replace("@", "\u2060@"),
  (name) => `${name}\u{e0061}`,
  (name) => name.replace("s", "\u017f"),
  (name) => `${name}\u0000`,
];

function fail(): never {
  throw new Error("There is no such way.");
}

type Ask = (name: string) => Promise<ApiReply>;

/** Every way to name somebody, and one that mixes them. */
const ways: Readonly<Record<string, () => Promise<Ask>>> = {
  lookup: async () => {
    const begin = await calmly("Passwordless");
    return async (name) => (await begin()).step("lookup", { username: name });
  },
  password: async () => {
    const begin = await calmly("Single_Factor");
    return async (name) => (await begin()).step("password", { username: name, password: "wrong" });
  },
  "a start with a hint": async () => {
    await calmly("Passwordless");
    return (name) => product.client().start({ policy: "Passwordless", loginHint: name });
  },
  "all of them in turn": async () => {
    const asks: (Ask | undefined)[] = [];
    for (const way of ["lookup", "password", "a start with a hint"]) asks.push(await ways[way]?.());
    let asked = 0;
    return async (name) => {
      asked += 1;
      const reply = await asks[asked % asks.length]?.(name);
      return reply ?? fail();
    };
  },
};

describe("a name that is asked about too often from one network", () => {
  it.each(Object.keys(ways))(
    "is slowed down by %s at the same try, whether or not anybody has it",
    async (way) => {
      for (const name of [username, unknown]) {
        const ask = await ways[way]?.();
        const errors: unknown[] = [];
        for (const _ of Array(3)) errors.push((await ask?.(name))?.body["error"]);
        expect(errors).not.toContain("rate-limited");
        const calls = product.simulator.calls.length;
        const refused = await ask?.(name);
        expect(refused?.http).toBe(429);
        expect(refused?.headers.get("retry-after")).toBe("20");
        expect(refused?.body).toMatchObject(tooMany);
        const asked = product.simulator.calls.slice(calls).filter(({ action }) => action !== "authorize");
        expect(asked).toEqual([]);
      }
    },
  );

  it("may be asked about again after the time in Retry-After, by the same request", async () => {
    const begin = await calmly("Single_Factor");
    for (const _ of Array(3)) await (await begin()).step("password", { username, password: "wrong" });
    product.clock.advance(1_000);
    const client = await begin();
    const { token } = client;
    const refused = await client.step("password", { username, password });
    expect(refused.body).toMatchObject(tooMany);
    expect(refused.headers.get("retry-after")).toBe("19");
    // Nothing was spent: no token, no attempt.
    expect(client.token).toBe(token);
    expect(await product.rowOf(client.flowId)).toMatchObject({ attempts: 0, credentialTries: 0 });
    product.clock.advance(19_000);
    expect((await client.step("password", { username, password })).body.status).toBe("COMPLETED");
  });

  it.each(Object.keys(ways))("counts however it is spelled, by %s", async (way) => {
    const ask = await ways[way]?.();
    const replies: ApiReply[] = [];
    for (const spell of spellings) replies.push((await ask?.(spell(username))) ?? fail());
    const limited = replies.map(({ body }) => body["error"] === "rate-limited");
    expect(limited).toEqual(spellings.map((_, index) => index >= 3));
  });

  it("is sent to PingOne as it was typed", async () => {
    const begin = await calmly("Single_Factor");
    const client = await begin();
    const typed = ` ${username.toUpperCase()}\u200b `;
    await client.step("password", { username: typed, password: "wrong" });
    expect(JSON.parse(product.simulator.calls.at(-1)?.body ?? "")).toMatchObject({ username: typed });
  });

  it("counts whatever the headers say of the address", async () => {
    const begin = await calmly("Single_Factor");
    const replies = [];
    for (const index of Array(4).keys()) {
      const client = await begin();
      const headers = { "x-forwarded-for": `203.0.113.${index}`, forwarded: `for=203.0.113.${index}` };
      const body = { username, password: "wrong" };
      const path = `/flows/${client.flowId}/password`;
      replies.push(await callApi(product.api, "POST", path, { body, token: client.token, headers }));
    }
    expect(replies.map(({ body }) => body["error"])).toEqual([
      "credentials-rejected",
      "credentials-rejected",
      "credentials-rejected",
      "rate-limited",
    ]);
  });

  it("does not stand in the way of a repetition that fetches a lost reply", async () => {
    const begin = await calmly("Single_Factor");
    const client = await begin();
    const { token } = client;
    const body = { username, password };
    const first = await client.step("password", body, token);
    for (const _ of Array(3)) await (await begin()).step("password", { username, password: "wrong" });
    const again = await client.step("password", body, token);
    expect([again.http, again.text]).toEqual([first.http, first.text]);
  });
});

describe("a network that asks about too many names", () => {
  it("is slowed down, and steps that name nobody are not", async () => {
    const begin = await calmly("Passwordless");
    const owner = await begin();
    await owner.step("lookup", { username: people.emailOtp.username });
    const errors: unknown[] = [];
    for (const index of Array(8).keys()) {
      errors.push((await (await begin()).step("lookup", { username: `name-${index}` })).body["error"]);
    }
    expect(errors).toEqual([...Array(7).fill("credentials-rejected"), "rate-limited"]);
    const started = await callApi(product.api, "POST", "/flows", {
      body: { codeChallenge: createPkce().challenge },
    });
    expect(started.http).toBe(201);
    const [deviceId = ""] = people.emailOtp.devices.map(({ id }) => id);
    expect((await owner.step("device", { deviceId })).http).toBe(200);
    expect((await owner.step("otp", { otp: "000000" })).body["error"]).toBe("otp-rejected");
    await owner.step("otp", { otp: product.code(people.emailOtp.username) });
    expect(await product.finish(owner)).toMatchObject({ preferred_username: people.emailOtp.username });
  });
});

describe("credentials in one flow", () => {
  it("are tried five times, and no more; nothing that leads to another is offered then", async () => {
    const other = await createProduct({ LIMIT_WINDOW_SECONDS: "60" });
    try {
      const client = other.client();
      await client.start({ policy: "Passwordless" });
      const { username: name } = people.emailOtp;
      await client.step("lookup", { username: name });
      const errors: unknown[] = [];
      for (const _ of Array(5)) errors.push((await client.step("otp", { otp: "000000" })).body["error"]);
      expect(errors).not.toContain("attempts-exhausted");
      const calls = other.simulator.calls.length;
      const sixth = await client.step("otp", { otp: other.code(name) });
      expect(sixth.body).toMatchObject({ error: "attempts-exhausted", flowEnded: true });
      expect(other.simulator.calls).toHaveLength(calls);
      expect((await client.status()).body.next).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe("limits that can't be asked", () => {
  async function withLimiter(fail: () => Error, work: (broken: Product) => Promise<void>): Promise<void> {
    const ports = (sound: FlowPorts): FlowPorts => ({
      ...sound,
      limiter: { ...sound.limiter, admit: () => Promise.reject(fail()) },
    });
    const broken = await createProduct({}, { ports });
    try {
      await work(broken);
    } finally {
      await broken.close();
    }
  }

  it("let nothing through to PingOne, and nothing is spent", async () => {
    await withLimiter(
      () => new StoreUnavailable("KMS did not answer in time."),
      async (broken) => {
        const client = broken.client();
        await client.start();
        const calls = broken.simulator.calls.length;
        const reply = await client.step("password", { username, password });
        expect(reply.body).toMatchObject({ error: "upstream-unavailable", retryable: true });
        const hinted = await broken.client().start({ policy: "Passwordless", loginHint: username });
        expect(hinted.body).toMatchObject({ error: "upstream-unavailable" });
        expect(broken.simulator.calls).toHaveLength(calls);
        expect(await broken.rowOf(client.flowId)).toMatchObject({ attempts: 0, credentialTries: 0 });
      },
    );
  });

  it("leave no silent claim behind when they break in a way that nobody foresaw", async () => {
    await withLimiter(
      () => new TypeError("a secret might be here"),
      async (broken) => {
        const client = broken.client();
        await client.start();
        const reply = await client.step("password", { username, password });
        expect(reply.body).toMatchObject({ error: "internal" });
        expect(reply.text).not.toContain("secret");
        expect(await broken.rowOf(client.flowId)).toMatchObject({ claim: { doubtful: true } });
        expect((await client.status()).body).toMatchObject({ settled: "no-progress" });
      },
    );
  });
});
