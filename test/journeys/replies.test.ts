import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { type ApiReply, type FlowClient, tokenIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const on = "usernamePassword.check";
const { username, password } = people.passwordOnly;
const right = { username, password };
/** Nobody's, so that nobody is locked by it. */
const wrong = { username: "nobody@example.com", password };
const john = people.emailOtp.username;

async function started(policy = "Single_Factor"): Promise<FlowClient> {
  const client = product.client();
  expect((await client.start({ policy })).http).toBe(201);
  return client;
}

async function named(): Promise<FlowClient> {
  const client = await started("Passwordless");
  await client.step("lookup", { username: john });
  return client;
}

/** What a request asks for, and how its flow came to it. */
interface Ask {
  readonly client: FlowClient;
  readonly step: string;
  readonly body?: Readonly<Record<string, string>>;
}

const byPassword = async (body: Ask["body"] = wrong): Promise<Ask> => ({
  client: await started(),
  step: "password",
  ...(body === undefined ? {} : { body }),
});
const fault = (one: Parameters<Product["simulator"]["faults"]["script"]>[0]) =>
  product.simulator.faults.script(one);

/** Problems whose own commit drew a token, and how they are come by. */
const moved: readonly [error: string, () => Promise<Ask>][] = [
  ["credentials-rejected", byPassword],
  [
    "otp-rejected",
    async () => {
      const client = await named();
      return { client, step: "otp", body: { otp: product.code(john) === "000000" ? "111111" : "000000" } };
    },
  ],
  ["locked-out", () => byPassword({ username: people.lockedTimed.username, password })],
  ["locked-out", () => byPassword({ username: people.lockedForever.username, password })],
  [
    "flow-failed",
    async () => {
      fault({ on, kind: "failed", code: "MFA_DISABLED" });
      return byPassword(right);
    },
  ],
  [
    "unsupported-step",
    async () => {
      fault({ on, kind: "davinci" });
      return byPassword(right);
    },
  ],
  [
    "restart-required",
    async () => {
      const ask = await byPassword(right);
      fault({ on, kind: "reset", applied: false });
      fault({ on: "read", kind: "status", status: 404 });
      await ask.client.step(ask.step, ask.body);
      return ask;
    },
  ],
];

/** Problems that leave flow and token as they were. */
const unmoved: readonly [error: string, () => Promise<ApiReply>][] = [
  ["request-invalid", async () => (await started()).step("password", { username })],
  ["request-invalid", async () => (await named()).step("otp", { otp: "12345678" })],
  ["request-invalid", async () => (await named()).step("device", { deviceId: "somebody-elses" })],
  ["flow-not-found", async () => (await started()).step("password", right, "A".repeat(43))],
  [
    "token-superseded",
    async () => {
      const client = await started();
      const { token } = client;
      await client.step("password", wrong);
      return client.step("password", right, token);
    },
  ],
  ["wrong-step", async () => (await started()).step("otp", { otp: "123456" })],
  [
    "rate-limited",
    async () => {
      fault({ on, kind: "status", status: 429, retryAfter: 7 });
      const reply = await (await started()).step("password", right);
      product.clock.advance(7_000);
      return reply;
    },
  ],
  [
    "upstream-unavailable",
    async () => {
      fault({ on, kind: "status", status: 403 });
      return (await started()).step("password", right);
    },
  ],
  [
    "outcome-unknown",
    async () => {
      fault({ on, kind: "reset", applied: true });
      return (await started()).step("password", right);
    },
  ],
  [
    "flow-expired",
    async () => {
      fault({ on, kind: "status", status: 404 });
      return (await started()).step("password", right);
    },
  ],
  ["credentials-rejected", () => product.client().start({ policy: "Passwordless", loginHint: "nobody@x.y" })],
];

describe("a problem of a request that moved the flow", () => {
  it.each(moved)(
    "brings the flow, as a read would show it, and the next token in it: %s",
    async (error, come) => {
      const { client, step, body } = await come();
      const before = client.token;
      const reply = await client.step(step, body);
      expect(reply.body).toMatchObject({ error, flow: { flowToken: expect.stringMatching(/^[\w-]{43}$/) } });
      expect(reply.body.flowToken).toBeUndefined();
      expect(client.token).not.toBe(before);
      const { flowToken, ...flow } = reply.body.flow ?? {};
      // Where a browser goes on is drawn for whoever reads.
      const { browser, ...read } = (await client.status(flowToken)).body;
      expect(read).toEqual(flow);
      expect(browser === undefined).toBe(read["fallback"] === undefined);
    },
  );

  it.each(moved)("is the same for its repetition, save what is left of the time: %s", async (_, come) => {
    const { client, step, body } = await come();
    const { token } = client;
    const first = await client.step(step, body);
    product.clock.advance(60_000);
    const again = await client.step(step, body, token);
    expect(again.body.flow?.expiresIn).toBe((first.body.flow?.expiresIn ?? 0) - 60);
    expect(withoutOwn(again)).toEqual(withoutOwn(first));
  });

  it.each(moved)("says that the flow has ended where the flow itself says so: %s", async (_, come) => {
    const { client, step, body } = await come();
    const { body: problem } = await client.step(step, body);
    const isOver = ["FAILED", "RESTART_REQUIRED", "UNSUPPORTED"].includes(problem.flow?.status ?? "");
    expect(problem["flowEnded"]).toBe(isOver);
    expect(problem["retryable"] === true && isOver).toBe(false);
  });

  it("offers no step that the limits exclude", async () => {
    const client = await started();
    const offered: unknown[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      offered.push((await client.step("password", wrong)).body.flow?.next);
    }
    expect(offered).toEqual([...Array(4).fill(["password", "reset"]), []]);
    expect((await client.step("password", right)).body).toMatchObject({ error: "attempts-exhausted" });
  });
});

describe("a problem of a request that moved nothing", () => {
  it.each(unmoved)("brings neither flow nor token: %s", async (error, come) => {
    const reply = await come();
    expect(reply.body).toMatchObject({ error });
    expect([reply.body.flow, tokenIn(reply)]).toEqual([undefined, undefined]);
  });
});

describe("a reply with a step taken", () => {
  it("offers what a read would offer, within the limits", async () => {
    const other = await createProduct({ ATTEMPT_LIMIT: "2" });
    try {
      const client = other.client();
      await client.start({ policy: "Identifier_First" });
      const { flowToken: _, ...view } = (await client.step("lookup", { username })).body;
      expect(view.next).toEqual(["password"]);
      expect((await client.status()).body).toEqual(view);
    } finally {
      await other.close();
    }
  });

  it("says where the flow is also when it brings the code, again and again", async () => {
    const client = await started();
    await client.step("password", right);
    const { token } = client;
    const first = await client.step("resume");
    expect(first.body).toMatchObject({ flowId: client.flowId, status: "RESUMED", code: expect.any(String) });
    expect((await client.step("resume", undefined, token)).text).toBe(first.text);
    const { flowToken: _, ...told } = first.body;
    expect((await client.step("resume")).body).toEqual(told);
  });
});

/** What is the same in a request and its repetition. */
function withoutOwn({ http, headers, body }: ApiReply) {
  const { requestId: _, instance: __, flow, ...problem } = body;
  const retryAfter = headers.get("retry-after");
  return { http, retryAfter, problem, flow: { ...flow, expiresIn: undefined } };
}
