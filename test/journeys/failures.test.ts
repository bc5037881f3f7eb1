import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import { type FlowClient, tokenIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const on = "usernamePassword.check";

async function started(policy = "Single_Factor"): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy });
  return client;
}

describe("POST /flows/{flowId}/password, when PingOne", () => {
  it.each<[string, Fault]>([
    ["answers 500", { on, kind: "status", status: 500 }],
    ["answers 503 having acted", { on, kind: "status", status: 503, applied: true }],
    ["is slow past its budget", { on, kind: "delay", ms: 600_000, applied: "after" }],
    ["answers HTML", { on, kind: "html", applied: true }],
    ["answers something that is no flow", { on, kind: "unreadable" }],
    ["drops the connection", { on, kind: "reset", applied: true }],
    ["stops in the middle of its answer", { on, kind: "close-mid-body" }],
  ])("%s: the outcome is unknown, and nothing is sent again", async (_, fault) => {
    const client = await started();
    const before = product.simulator.calls.length;
    product.simulator.faults.script(fault);
    const reply = await product.hurry(() => client.step("password", { username, password }));
    expect(reply.http).toBe(503);
    expect(reply.body).toMatchObject({
      error: "outcome-unknown",
      flowEnded: false,
      retryable: false,
      attemptCounted: null,
    });
    expect([tokenIn(reply), reply.body.flow]).toEqual([undefined, undefined]);
    expect(product.simulator.calls).toHaveLength(before + 1);
    const settled = await client.step("password", { username, password: "whatever it asks for" });
    expect(settled.http).toBe(200);
    expect(product.simulator.calls.slice(before).map(({ action }) => action)).toEqual([on, "read"]);
  });

  it.each<[string, Fault, number, object]>([
    [
      "answers 429",
      { on, kind: "status", status: 429, retryAfter: 7 },
      429,
      { error: "rate-limited", retryable: true },
    ],
    [
      "answers 401",
      { on, kind: "status", status: 401 },
      503,
      { error: "upstream-unavailable", retryable: true },
    ],
    [
      "answers 403",
      { on, kind: "status", status: 403 },
      503,
      { error: "upstream-unavailable", retryable: true },
    ],
    [
      "answers 415",
      { on, kind: "status", status: 415 },
      503,
      { error: "upstream-unavailable", retryable: true },
    ],
  ])(
    "%s: the flow goes on with the same token, and no attempt is counted",
    async (_, fault, http, problem) => {
      const client = await started();
      const { token } = client;
      product.simulator.faults.script(fault);
      const reply = await client.step("password", { username, password });
      expect(reply.http).toBe(http);
      expect(reply.body).toMatchObject({ ...problem, flowEnded: false, attemptCounted: false });
      expect(reply.headers.get("retry-after")).toBe(http === 429 ? "7" : null);
      expect(client.token).toBe(token);
      expect(await product.rowOf(client.flowId)).toMatchObject({ attempts: 0 });
      product.clock.advance(7_000);
      await client.step("password", { username, password });
      expect(await product.finish(client)).toMatchObject({ preferred_username: username });
    },
  );

  it("has lost the flow: it has expired, and its secrets are gone", async () => {
    const client = await started();
    product.simulator.faults.script({ on, kind: "status", status: 404 });
    const reply = await client.step("password", { username, password });
    expect(reply.http).toBe(410);
    expect(reply.body).toMatchObject({ error: "flow-expired", flowEnded: true });
    const row = await product.rowOf(client.flowId);
    expect(row?.["jar"]).toBeUndefined();
    expect((await client.step("password", { username, password })).body).toMatchObject({
      error: "flow-expired",
    });
  });

  it("has changed the flow's id: the next call goes to the new one", async () => {
    const client = await started("Multi_Factor");
    const before = product.simulator.calls.length;
    product.simulator.faults.script({ on, kind: "changed-flow-id" });
    const { username: name } = people.smsOtp;
    expect((await client.step("password", { username: name, password })).body).toMatchObject({
      status: "OTP_REQUIRED",
    });
    await client.step("otp", { otp: product.code(name) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: name });
    const ids = product.simulator.calls.slice(before).map(({ flowId }) => flowId);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[1]).toBe(ids[2]);
  });

  it("answers with a status nobody knows: it is passed on, and a browser has to go on", async () => {
    const client = await started();
    product.simulator.faults.script({ on, kind: "unknown-status", status: "RETINA_SCAN_REQUIRED" });
    const reply = await client.step("password", { username, password });
    expect(reply.body).toMatchObject({ status: "RETINA_SCAN_REQUIRED", next: [], fallback: "browser" });
    const next = await client.step("password", { username, password });
    expect(next.http).toBe(501);
    expect(next.body).toMatchObject({ error: "unsupported-step", fallback: "browser", flowEnded: true });
  });

  it("fails the flow in a 200: the reason is told where it is on the list", async () => {
    for (const [code, failure] of [
      ["NO_USABLE_DEVICES", "NO_USABLE_DEVICES"],
      ["SOMETHING_INTERNAL", undefined],
    ] as const) {
      const client = await started();
      const { token } = client;
      product.simulator.faults.script({ on, kind: "failed", code });
      const reply = await client.step("password", { username, password });
      expect(reply.http).toBe(409);
      expect(reply.body).toMatchObject({ error: "flow-failed", flowEnded: true, retryable: false });
      expect(reply.body["failure"]).toBe(failure);
      expect(reply.text).not.toContain("SOMETHING_INTERNAL");
      const again = await client.step("password", { username, password }, token);
      expect(again.body.flow).toEqual(reply.body.flow);
      expect(reply.body.flow).toMatchObject({ status: "FAILED", next: [] });
      expect((await client.status()).body).toMatchObject({ status: "FAILED", next: [] });
      expect((await client.step("password", { username, password })).body).toMatchObject({
        error: "flow-failed",
      });
    }
  });

  it("speaks another protocol: the flow ends with a pointer to the browser", async () => {
    const client = await started();
    product.simulator.faults.script({ on, kind: "davinci" });
    const reply = await client.step("password", { username, password });
    expect(reply.http).toBe(501);
    expect(reply.body).toMatchObject({ error: "unsupported-step", fallback: "browser", flowEnded: true });
    expect(reply.body.flow).toMatchObject({ status: "UNSUPPORTED", next: [], fallback: "browser" });
    expect(tokenIn(reply)).toMatch(/^[\w-]{43}$/);
    expect((await client.status()).body).toMatchObject({
      status: "UNSUPPORTED",
      next: [],
      fallback: "browser",
    });
  });
});
