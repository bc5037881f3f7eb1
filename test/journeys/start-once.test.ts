import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import { StoreUnavailable } from "../../lib/flow/store.ts";
import { people } from "../simulator/people.ts";
import { type ApiReply, callApi, createPkce, FlowClient, faultsIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

const { username } = people.emailOtp;
const leaseMs = 17_000;

/** What is to happen to the next start: a write is lost, or the function dies. */
let trouble: "commit lost" | "dies" | "put lost" | undefined;

function troubled({ store, provider, ...ports }: FlowPorts): FlowPorts {
  const open: typeof store.open = async (request) => {
    const opened = await store.open(request);
    if (trouble === "put lost") throw new StoreUnavailable("The reply is lost.");
    if (opened.kind !== "held" || trouble !== "commit lost") return opened;
    const commit: typeof opened.claim.commit = async (result) => {
      await opened.claim.commit(result);
      throw new StoreUnavailable("The reply is lost.");
    };
    return { ...opened, claim: { ...opened.claim, commit } };
  };
  const start: typeof provider.start = async (...call) => {
    const reply = await provider.start(...call);
    if (trouble === "dies") throw new TypeError("The function died.");
    return reply;
  };
  return { ...ports, store: { ...store, open }, provider: { ...provider, start } };
}

/** A start that can be sent again as it was. */
function startUnder(product: Product, key = randomBytes(16).toString("base64url")) {
  const { challenge } = createPkce();
  const send = (changed: object = {}): Promise<ApiReply> =>
    callApi(product.api, "POST", "/flows", {
      body: { codeChallenge: challenge, policy: "Passwordless", loginHint: username, ...changed },
      headers: { "idempotency-key": `"${key}"` },
    });
  return { key, send };
}

/** A reply as far as two of them can be the same. */
function told({ http, body: { requestId: _, instance: _instance, ...body } }: ApiReply) {
  return { http, body };
}

describe.each(["hints", "minimal"])("a start under a key, with %s,", (DISCLOSURE) => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct({ DISCLOSURE }, { ports: troubled });
  });
  afterEach(() => {
    trouble = undefined;
    product.simulator.faults.clear();
  });
  afterAll(() => product?.close());

  const sent = () => product.simulator.calls.filter(({ action }) => action === "authorize").length;

  it("is repeated by the same request: the same reply, and one code", async () => {
    const before = sent();
    const { send } = startUnder(product);
    const first = await send();
    expect(first).toMatchObject({ http: 201, body: { status: "OTP_REQUIRED" } });
    const code = product.code(username);
    expect(told(await send())).toEqual(told(first));
    expect(product.code(username)).toBe(code);
    expect(sent()).toBe(before + 1);
  });

  it("is begun once where it is sent many times at once", async () => {
    const before = sent();
    const { send } = startUnder(product);
    const replies = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(sent()).toBe(before + 1);
    const last = told(await send());
    const begun = replies.filter(({ http }) => http === 201);
    expect(begun.length).toBeGreaterThan(0);
    for (const reply of begun) expect(told(reply)).toEqual(last);
    const waiting = replies.filter(({ http }) => http !== 201);
    for (const reply of waiting) {
      expect(reply.body).toMatchObject({ error: "step-in-progress", retryable: true });
    }
  });

  it("leads to a sign-on by the reply that was missed", async () => {
    const { send } = startUnder(product);
    await send();
    const { body } = await send();
    const client = new FlowClient(product.api);
    Object.assign(client, { flowId: body.flowId, token: body.flowToken });
    const { body: after } = await client.step("otp", { otp: product.code(username) });
    expect(after.status).toBe("COMPLETED");
    expect((await client.step("resume")).body.code).toEqual(expect.any(String));
    // Its answers are the client's own by now.
    expect((await send()).body).toMatchObject({ error: "token-superseded", flowEnded: false });
  });

  it("with another body is refused, and the flow stays as it was", async () => {
    const before = sent();
    const { send } = startUnder(product);
    const first = await send();
    for (const changed of [
      { nonce: "n" },
      { loginHint: "nobody@example.com" },
      { policy: "Single_Factor" },
    ]) {
      const other = await send(changed);
      expect([other.http, other.body["error"]]).toEqual([422, "idempotency-key-reused"]);
      expect(other.body).toMatchObject({ flowEnded: false, retryable: false, attemptCounted: false });
    }
    expect(told(await send())).toEqual(told(first));
    expect(sent()).toBe(before + 1);
  });

  it("that PingOne turned down is answered alike again, and PingOne isn't asked", async () => {
    const { send } = startUnder(product);
    const body = { code: "INVALID_DATA", details: [{ code: "INVALID_VALUE", target: "login_hint" }] };
    product.simulator.faults.script({ on: "authorize", kind: "reply", status: 400, applied: false, body });
    const first = await send();
    const isTold = DISCLOSURE === "hints";
    expect([first.http, first.body["error"]]).toEqual(
      isTold ? [422, "credentials-rejected"] : [201, undefined],
    );
    const calls = sent();
    expect(told(await send())).toEqual(told(first));
    expect(sent()).toBe(calls);
  });

  it("that PingOne did not take up leaves nothing, and may be sent again", async () => {
    const { send } = startUnder(product);
    const limit = { on: "authorize", kind: "reply", status: 429, applied: false } as const;
    product.simulator.faults.script({ ...limit, headers: { "retry-after": "1" }, body: {} });
    expect((await send()).body).toMatchObject({ error: "rate-limited" });
    product.clock.advance(1_000);
    expect((await send()).http).toBe(201);
  });

  it("whose answer PingOne never gave is over, and is not begun again", async () => {
    const { send } = startUnder(product);
    product.simulator.faults.script({ on: "authorize", kind: "reset", applied: true });
    const lost = await send();
    expect(lost.body).toMatchObject({ error: "restart-required", flow: { status: "RESTART_REQUIRED" } });
    const calls = sent();
    expect(told(await send())).toEqual(told(lost));
    expect(sent()).toBe(calls);
  });

  it.each([
    ["that dies is a doubt at once", "dies", 0, "internal"],
    [
      "that can't say whether its row was put is one when its lease has ended",
      "put lost",
      leaseMs,
      "upstream-unavailable",
    ],
  ] as const)("in a function %s", async (_, kind, waitMs, error) => {
    const { send } = startUnder(product);
    trouble = kind;
    expect((await send()).body).toMatchObject({ error });
    trouble = undefined;
    const calls = sent();
    if (waitMs > 0) expect((await send()).body).toMatchObject({ error: "step-in-progress" });
    product.clock.advance(waitMs);
    const settled = await send();
    expect(settled.body).toMatchObject({ error: "restart-required", flow: { status: "RESTART_REQUIRED" } });
    expect(told(await send())).toEqual(told(settled));
    expect(sent()).toBe(calls);
  });

  it("whose answer may not have been kept is to be sent again, and finds it", async () => {
    const { send } = startUnder(product);
    trouble = "commit lost";
    expect((await send()).body).toMatchObject({ error: "step-in-progress", retryable: true });
    trouble = undefined;
    const calls = sent();
    expect((await send()).http).toBe(201);
    expect(sent()).toBe(calls);
  });

  it("is new once its flow has expired, and once it was removed", async () => {
    const { send } = startUnder(product);
    const first = await send();
    product.clock.advance(15 * 60_000);
    const second = await send();
    expect(second).toMatchObject({ http: 201, body: { flowId: first.body.flowId } });
    expect(second.body.flowToken).not.toBe(first.body.flowToken);
    const token = second.body.flowToken;
    await callApi(product.api, "DELETE", `/flows/${second.body.flowId}`, { token });
    expect((await send()).http).toBe(201);
  });

  it("leaves its key nowhere", async () => {
    const { key, send } = startUnder(product);
    await send();
    await send({ nonce: "n" });
    const traces = [product.log, await product.rows(), product.simulator.calls];
    expect(JSON.stringify(traces)).not.toContain(key);
  });
});

describe("an Idempotency-Key", () => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct();
  });
  afterAll(() => product?.close());

  const start = (value: string) =>
    callApi(product.api, "POST", "/flows", {
      body: { codeChallenge: createPkce().challenge },
      headers: { "idempotency-key": value },
    });
  const text = (length: number) => "k".repeat(length);

  it.each([
    ["22 characters", `"${text(22)}"`],
    ["128 characters", `"${text(128)}"`],
    ["quotes and backslashes in it", `"${text(20)}\\"\\\\"`],
    ["blanks around it", ` "${text(30)}" `],
  ])("with %s is taken", async (_, value) => {
    expect((await start(value)).http).toBe(201);
  });

  it.each([
    ["no quotes", text(30), "malformed"],
    ["one quote", `"${text(30)}`, "malformed"],
    ["21 characters", `"${text(21)}"`, "malformed"],
    ["21 characters and escapes", `"${text(20)}\\""`, "malformed"],
    ["129 characters", `"${text(129)}"`, "too-long"],
    ["a quote in it", `"${text(20)}"${text(20)}"`, "malformed"],
    ["a backslash before something else", `"${text(30)}\\n"`, "malformed"],
    ["a letter that is none of ASCII", `"${text(30)}é"`, "malformed"],
    ["a parameter", `"${text(30)}";a=1`, "malformed"],
    ["another one beside it", `"${text(30)}", "${text(30)}"`, "malformed"],
    ["nothing in it", "", "malformed"],
  ])("with %s is refused by name", async (_, value, reason) => {
    const before = product.simulator.calls.length;
    const reply = await start(value);
    expect([reply.http, faultsIn(reply)]).toEqual([400, [`idempotency-key ${reason}`]]);
    expect(product.simulator.calls).toHaveLength(before);
  });
});
