import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FaultKind } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import type { ApiReply, FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => {
  product.simulator.faults.clear();
  product.simulator.switches.repeatST = false;
});
afterAll(() => product.close());

const { username, password } = people.push;

async function pushed(): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy: "Multi_Factor" });
  const reply = await client.step("password", { username, password });
  expect(reply.body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED", next: ["device", "push-cancel"] });
  expect(reply.body["fallback"]).toBeUndefined();
  return client;
}

async function answer(word: "approve" | "deny" | "timeout"): Promise<void> {
  const url = `${product.simulator.origin}/_simulator/push/${username}`;
  expect((await fetch(url, { method: "POST", body: JSON.stringify({ answer: word }) })).status).toBe(200);
}

describe("GET /flows/{flowId}, while a push waits", () => {
  it("asks PingOne, keeps the token, and slides the expiry", async () => {
    const client = await pushed();
    const { token } = client;
    product.clock.advance(60_000);
    const before = product.simulator.calls.length;
    const reply = await client.status();
    expect(reply.body).toMatchObject({
      status: "PUSH_CONFIRMATION_REQUIRED",
      next: ["device", "push-cancel"],
    });
    expect(reply.body.flowToken).toBeUndefined();
    expect(product.simulator.calls.slice(before).map(({ action }) => action)).toEqual(["read"]);
    const row = await product.rowOf(client.flowId);
    expect(row).toMatchObject({ deadline: Date.parse(reply.body.expiresAt ?? ""), attempts: 1 });
    expect(row?.["claim"]).toBeUndefined();
    expect(client.token).toBe(token);
  });

  it("sees the approval, with the cookie that came with it", async () => {
    const client = await pushed();
    await answer("approve");
    const reply = await client.status();
    expect(reply.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
    client.token = reply.body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("gives the approval again when its reply was lost", async () => {
    const client = await pushed();
    const { token } = client;
    await answer("approve");
    const first = await client.status();
    const before = product.simulator.calls.length;
    const again = await client.status(token);
    expect(again.text).toBe(first.text);
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("sees the refusal", async () => {
    const client = await pushed();
    await answer("deny");
    expect((await client.status()).body).toMatchObject({ error: "push-denied", flowEnded: true });
  });

  it.each(["body-4xx", "open-200"] as const)(
    "sees a refusal that leaves the flow open, with reasonsIn %s, and chooses the device anew",
    async (reasonsIn) => {
      product.simulator.switches.reasonsIn = reasonsIn;
      const client = await pushed();
      await answer("deny");
      const { body } = await client.status();
      product.simulator.switches.reasonsIn = "by-reason";
      expect(body).toMatchObject({ error: "push-denied", flowEnded: false });
      client.token = body.flow?.flowToken ?? "";
      await client.step("device", { deviceId: people.push.devices[0].id });
      await answer("approve");
      expect((await client.status()).body.status).toBe("COMPLETED");
    },
  );

  it("sees the time-out, after which the push can be sent again", async () => {
    const client = await pushed();
    await answer("timeout");
    const reply = await client.status();
    expect(reply.body).toMatchObject({ status: "PUSH_CONFIRMATION_TIMED_OUT", next: ["device"] });
    client.token = reply.body.flowToken ?? "";
    const again = await client.step("device", { deviceId: people.push.devices[0].id });
    expect(again.body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED" });
  });

  it("tells what the last poll told until the time that it named is over", async () => {
    const client = await pushed();
    const before = product.simulator.calls.length;
    const first = await client.status();
    expect(first.body["pollAfter"]).toBe(2);
    const row = await product.rowOf(client.flowId);
    await answer("approve");
    product.clock.advance(1_999);
    const early = await client.status();
    expect(early.body).toEqual({ ...first.body, expiresIn: Number(first.body["expiresIn"]) - 2 });
    expect(product.simulator.calls).toHaveLength(before + 1);
    expect(await product.rowOf(client.flowId)).toEqual(row);
    product.clock.advance(1);
    expect((await client.status()).body.status).toBe("COMPLETED");
    expect(product.simulator.calls).toHaveLength(before + 2);
  });

  it("polls a push that was sent again at once", async () => {
    const client = await pushed();
    await client.status();
    await client.step("device", { deviceId: people.push.devices[0].id });
    await answer("approve");
    expect((await client.status()).body.status).toBe("COMPLETED");
  });

  it("is one call for many readers at once", async () => {
    const client = await pushed();
    const before = product.simulator.calls.length;
    product.simulator.faults.script({ on: "read", kind: "delay", ms: 100, applied: "before" });
    const replies = await Promise.all([client.status(), client.status(), client.status(), client.status()]);
    for (const { http, body } of replies) {
      expect([http, body.status]).toEqual([200, "PUSH_CONFIRMATION_REQUIRED"]);
      expect(body["pending"]).toBeUndefined();
    }
    expect(product.simulator.calls.length - before).toBe(1);
  });
});

/** How the answer to a read is lost, once PingOne has given it. */
const losses: readonly FaultKind[] = [
  { kind: "reset", applied: true },
  { kind: "status", status: 503, applied: true },
  { kind: "html", status: 502, applied: true },
  { kind: "html", status: 200, applied: true },
  { kind: "delay", ms: 600_000, applied: "before" },
];

/** The same with PingOne never having been asked, as far as it knows. */
const misses: readonly FaultKind[] = [
  { kind: "reset", applied: false },
  { kind: "status", status: 500 },
  { kind: "html", status: 502 },
];

/** Reads the flow while the read of PingOne goes wrong. */
async function readBy(client: FlowClient, fault: FaultKind): Promise<ApiReply> {
  product.simulator.faults.script({ ...fault, on: "read" });
  const read = () => client.status();
  return fault.kind === "delay" ? product.hurry(read, 300) : read();
}

function expectDoubt(reply: ApiReply): void {
  expect(reply.http).toBe(503);
  expect(reply.body).toMatchObject({ error: "outcome-unknown", retryable: false, attemptCounted: false });
  expect(JSON.stringify(reply.body)).not.toContain("nothing was");
}

describe("a poll whose answer is lost, after the person has approved", () => {
  it.each(losses)("is a doubt: %o", async (fault) => {
    const client = await pushed();
    await answer("approve");
    expectDoubt(await readBy(client, fault));
    expect(await product.rowOf(client.flowId)).toMatchObject({ claim: { step: "poll", doubtful: true } });
    const settled = await client.status();
    expect(settled.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
    expect(settled.body["settled"]).toBeUndefined();
    client.token = settled.body.flowToken ?? "";
    // The session cookie came with the answer that was lost, and comes once.
    expect((await client.step("resume")).body).toMatchObject({ error: "restart-required" });
  });

  it.each(losses)("is asked for again, so that what still comes is not lost: %o", async (fault) => {
    product.simulator.switches.repeatST = true;
    const client = await pushed();
    await answer("approve");
    expectDoubt(await readBy(client, fault));
    client.token = (await client.status()).body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each(losses)("stays in doubt where the read that settles it is lost as well: %o", async (fault) => {
    product.simulator.switches.repeatST = true;
    const client = await pushed();
    await answer("approve");
    for (const _ of [1, 2, 3]) expectDoubt(await readBy(client, fault));
    client.token = (await client.status()).body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each(misses)("loses nothing where PingOne never gave it: %o", async (fault) => {
    const client = await pushed();
    await answer("approve");
    for (const _ of [1, 2]) expectDoubt(await readBy(client, fault));
    client.token = (await client.status()).body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each<FaultKind>([{ kind: "unreadable" }, { kind: "close-mid-body", applied: true }])(
    "keeps the cookies that came with half an answer: %o",
    async (fault) => {
      const client = await pushed();
      await answer("approve");
      expectDoubt(await readBy(client, fault));
      client.token = (await client.status()).body.flowToken ?? "";
      expect(await product.finish(client)).toMatchObject({ preferred_username: username });
    },
  );
});

describe("a poll whose answer is lost, while the push waits", () => {
  it("is settled without progress, and the push goes on", async () => {
    const client = await pushed();
    expectDoubt(await readBy(client, { kind: "reset", applied: true }));
    const settled = await client.status();
    expect(settled.body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED", settled: "no-progress" });
    const { token } = client;
    client.token = settled.body.flowToken ?? "";
    // The repetition of the read that fell into doubt has the same answer.
    expect((await client.status(token)).text).toBe(settled.text);
    expect(await product.rowOf(client.flowId)).toMatchObject({ attempts: 1 });
    await answer("approve");
    product.clock.advance(2_000);
    client.token = (await client.status()).body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("is settled, and nothing more, by a device that is chosen meanwhile", async () => {
    const client = await pushed();
    expectDoubt(await readBy(client, { kind: "reset", applied: true }));
    const before = product.simulator.calls.length;
    const reply = await client.step("device", { deviceId: people.push.devices[0].id });
    expect(reply.body).toMatchObject({ settled: "no-progress" });
    expect(product.simulator.calls.slice(before).map(({ action }) => action)).toEqual(["read"]);
  });

  it("says that PingOne was not asked only where that is proved", async () => {
    const client = await pushed();
    for (const status of [401, 429] as const) {
      const reply = await readBy(client, { kind: "status", status });
      expect(reply.body).toMatchObject({ retryable: true, attemptCounted: false });
      product.clock.advance(5_000);
    }
    expect((await client.status()).body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED" });
  });
});
