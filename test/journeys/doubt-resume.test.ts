import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FaultKind } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;

function actionsSince(before: number): string[] {
  return product.simulator.calls.slice(before).map(({ action }) => action);
}

describe("a doubtful resume", () => {
  async function doubtful(client: FlowClient, applied: boolean): Promise<void> {
    product.simulator.faults.script({ on: "resume", kind: "reset", applied });
    const { http, body, headers } = await client.step("resume");
    expect(http).toBe(503);
    expect(body).toMatchObject({ error: "outcome-unknown", retryable: false, flowEnded: false });
    expect(headers.get("retry-after")).toBe("1");
  }

  async function completed(): Promise<FlowClient> {
    const client = product.client();
    await client.start();
    await client.step("password", { username, password });
    return client;
  }

  it("that never arrived is asked again, and gives the code", async () => {
    const client = await completed();
    const before = product.simulator.calls.length;
    await doubtful(client, false);
    product.clock.advance(1_000);
    const resumed = await client.step("resume");
    expect(resumed.body.code).toMatch(/.+/);
    expect(await product.redeem(client, resumed)).toMatchObject({ preferred_username: username });
    expect(actionsSince(before).slice(0, 2)).toEqual(["resume", "resume"]);
  });

  it("that spent the flow needs a new start", async () => {
    const client = await completed();
    await doubtful(client, true);
    product.clock.advance(1_000);
    expect((await client.status()).body).toMatchObject({ error: "restart-required" });
  });

  it("is asked again when PingOne has time, if it had none before", async () => {
    const client = await completed();
    const before = product.simulator.calls.length;
    await doubtful(client, false);
    product.clock.advance(1_000);
    product.simulator.faults.script({ on: "resume", kind: "status", status: 429, retryAfter: 9 });
    const limited = await client.status();
    expect(limited.body).toMatchObject({ error: "rate-limited" });
    expect(limited.headers.get("retry-after")).toBe("9");
    product.clock.advance(8_999);
    expect((await client.status()).headers.get("retry-after")).toBe("1");
    product.clock.advance(1);
    const resumed = await client.step("resume");
    expect(await product.redeem(client, resumed)).toMatchObject({ preferred_username: username });
    expect(actionsSince(before).slice(0, 3)).toEqual(["resume", "resume", "resume"]);
  });

  it("of a flow that PingOne has forgotten needs a new start", async () => {
    const client = await completed();
    await doubtful(client, false);
    product.clock.advance(1_000);
    product.simulator.faults.script({ on: "resume", kind: "status", status: 404 });
    expect((await client.status()).body).toMatchObject({ error: "restart-required", flowEnded: true });
  });

  it("does not end a sign-on by a short outage: two answers of 503 at once", async () => {
    const client = await completed();
    const before = product.simulator.calls.length;
    product.simulator.faults.script({ on: "resume", kind: "status", status: 503, times: 2 });
    expect((await client.step("resume")).body).toMatchObject({ error: "outcome-unknown" });
    product.clock.advance(40);
    const early = await client.step("resume");
    expect(early.body).toMatchObject({ error: "outcome-unknown", flowEnded: false });
    expect(early.headers.get("retry-after")).toBe("1");
    expect(actionsSince(before)).toEqual(["resume"]);
    product.clock.advance(960);
    expect((await client.step("resume")).headers.get("retry-after")).toBe("2");
    product.clock.advance(2_000);
    const resumed = await client.step("resume");
    expect(await product.redeem(client, resumed)).toMatchObject({ preferred_username: username });
  });

  it.each<FaultKind>([
    { kind: "status", status: 503 },
    { kind: "reset", applied: false },
    { kind: "html", status: 502 },
    { kind: "status", status: 403 },
  ])("is asked at a growing pace until the deadline, by whoever comes: %o", async (fault) => {
    const client = await completed();
    const before = product.simulator.calls.length;
    const row = await product.rowOf(client.flowId);
    product.simulator.faults.script({ kind: "reset", applied: false, on: "resume" });
    let reply = await client.step("resume");
    product.simulator.faults.script({ ...fault, on: "resume", times: 99 });
    const waits: number[] = [];
    while (product.clock.now() + 2 * 60_000 < Number(row?.["deadline"])) {
      const wait = Number(reply.headers.get("retry-after"));
      waits.push(wait);
      product.clock.advance(wait * 1_000 - 1);
      const asked = product.simulator.calls.length;
      for (const early of await Promise.all([client.status(), client.step("resume")])) {
        expect(early.body).toMatchObject({ error: "outcome-unknown" });
        expect(early.headers.get("retry-after")).toBe("1");
      }
      expect(product.simulator.calls).toHaveLength(asked);
      product.clock.advance(1);
      reply = waits.length % 2 === 0 ? await client.status() : await client.step("resume");
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(actionsSince(before)).toEqual(Array(waits.length + 1).fill("resume"));
    product.simulator.faults.clear();
    product.clock.advance(Number(reply.headers.get("retry-after")) * 1_000);
    const resumed = await client.status();
    expect(await product.redeem(client, resumed)).toMatchObject({ preferred_username: username });
  });

  it("is asked once by many at the same time", async () => {
    const client = await completed();
    await doubtful(client, false);
    product.clock.advance(1_000);
    const before = product.simulator.calls.length;
    product.simulator.faults.script({ kind: "status", status: 503, on: "resume" });
    const replies = await Promise.all(Array.from({ length: 6 }, () => client.status()));
    expect(actionsSince(before)).toEqual(["resume"]);
    for (const { body } of replies)
      expect(["outcome-unknown", "step-in-progress", "resume"]).toContain(body["error"] ?? body["pending"]);
  });

  it("ends with the flow's deadline", async () => {
    const client = await completed();
    await doubtful(client, false);
    const before = product.simulator.calls.length;
    product.clock.advance(16 * 60_000);
    expect((await client.step("resume")).body).toMatchObject({ error: "flow-expired" });
    expect(actionsSince(before)).toEqual([]);
  });
});
