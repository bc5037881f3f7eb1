import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  // Cookies from the start: what a lost answer brought is then not all there was.
  product = await createProduct({}, { switches: { cookiesAt: "authorize" } });
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;

async function doubtful(
  on: Fault["on"],
  fault: "applied" | "lost",
  client: FlowClient,
  body: Record<string, string>,
) {
  product.simulator.faults.script({ on, kind: "reset", applied: fault === "applied" });
  const steps: Readonly<Record<string, string>> = {
    "usernamePassword.check": "password",
    "otp.check": "otp",
    "user.lookup": "lookup",
    "device.select": "device",
  };
  const step = steps[on] ?? "";
  const reply = await client.step(step, body);
  expect(reply.body).toMatchObject({ error: "outcome-unknown", retryable: false });
}

function actionsSince(before: number): string[] {
  return product.simulator.calls.slice(before).map(({ action }) => action);
}

describe("a doubtful password", () => {
  it("that PingOne took is adopted by the next read, and its own repetition gets the answer", async () => {
    const client = product.client();
    await client.start();
    const { token } = client;
    const before = product.simulator.calls.length;
    await doubtful("usernamePassword.check", "applied", client, { username, password });
    const settled = await client.status();
    expect(settled.http).toBe(200);
    expect(settled.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
    expect(settled.body["settled"]).toBeUndefined();
    expect(settled.body.flowToken).toMatch(/^[\w-]{43}$/);
    const repeated = await client.step("password", { username, password }, token);
    expect(repeated.text).toBe(settled.text);
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
    expect(actionsSince(before).slice(0, 3)).toEqual(["usernamePassword.check", "read", "resume"]);
  });

  it("that PingOne never saw has made no progress: the attempt counts, and the person tries again", async () => {
    const client = product.client();
    await client.start();
    await doubtful("usernamePassword.check", "lost", client, { username, password });
    const settled = await client.status();
    expect(settled.body).toMatchObject({
      status: "USERNAME_PASSWORD_REQUIRED",
      next: ["password", "reset"],
      settled: "no-progress",
    });
    client.token = settled.body.flowToken ?? "";
    expect(await product.rowOf(client.flowId)).toMatchObject({ attempts: 1 });
    await client.step("password", { username, password });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("is settled, and nothing more, by another step that comes along", async () => {
    const client = product.client();
    await client.start();
    await doubtful("usernamePassword.check", "lost", client, { username, password });
    const before = product.simulator.calls.length;
    const reply = await client.step("password", { username, password: "another" });
    expect(reply.http).toBe(200);
    expect(reply.body).toMatchObject({ settled: "no-progress" });
    expect(actionsSince(before)).toEqual(["read"]);
  });

  it("whose session cookie was lost with the answer ends by name", async () => {
    const other = await createProduct();
    try {
      const client = other.client();
      await client.start();
      other.simulator.faults.script({ on: "usernamePassword.check", kind: "reset", applied: true });
      await client.step("password", { username, password });
      const settled = await client.status();
      expect(settled.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
      client.token = settled.body.flowToken ?? "";
      const resumed = await client.step("resume");
      expect(resumed.http).toBe(409);
      expect(resumed.body).toMatchObject({ error: "restart-required", flowEnded: true });
      expect((await client.status()).body).toMatchObject({ status: "RESTART_REQUIRED", next: [] });
    } finally {
      await other.close();
    }
  });

  it("stays doubtful while PingOne can't be read, and says when to come again", async () => {
    const client = product.client();
    await client.start();
    await doubtful("usernamePassword.check", "applied", client, { username, password });
    product.simulator.faults.script({ on: "read", kind: "status", status: 500 });
    expect((await client.status()).body).toMatchObject({ error: "outcome-unknown", retryable: false });
    product.simulator.faults.script({ on: "read", kind: "status", status: 403 });
    expect((await client.status()).body).toMatchObject({ error: "upstream-unavailable", retryable: true });
    product.simulator.faults.script({ on: "read", kind: "status", status: 429, retryAfter: 3 });
    const limited = await client.status();
    expect(limited.body).toMatchObject({ error: "rate-limited" });
    expect(limited.headers.get("retry-after")).toBe("3");
    product.clock.advance(3_000);
    expect((await client.status()).body).toMatchObject({ status: "COMPLETED" });
  });

  it("of a flow that PingOne has forgotten needs a new start", async () => {
    const client = product.client();
    await client.start();
    await doubtful("usernamePassword.check", "applied", client, { username, password });
    product.simulator.faults.script({ on: "read", kind: "status", status: 404 });
    const settled = await client.status();
    expect(settled.http).toBe(409);
    expect(settled.body).toMatchObject({ error: "restart-required", flowEnded: true });
  });

  it("can be cancelled without being settled", async () => {
    const client = product.client();
    await client.start();
    await doubtful("usernamePassword.check", "applied", client, { username, password });
    const before = product.simulator.calls.length;
    expect((await client.cancel()).http).toBe(204);
    expect(actionsSince(before)).toEqual([]);
  });

  it("that PingOne applies after the doubt was settled is found out by the next step", async () => {
    const client = product.client();
    await client.start();
    const before = product.simulator.calls.length;
    product.simulator.faults.script({
      on: "usernamePassword.check",
      kind: "delay",
      ms: 600_000,
      applied: "after",
    });
    const slow = await product.hurry(() => client.step("password", { username, password }));
    expect(slow.body).toMatchObject({ error: "outcome-unknown" });
    client.token = (await client.status()).body.flowToken ?? "";
    product.simulator.faults.clear();
    await product.until(() => product.simulator.calls[before]?.status !== 0);
    const next = await client.step("password", { username, password });
    expect(next.body).toMatchObject({ error: "outcome-unknown" });
    const adopted = await client.status();
    expect(adopted.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
    client.token = adopted.body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });
});

describe("a doubtful passcode, lookup and device", () => {
  it("are settled alike", async () => {
    const { username: name, devices } = people.twoDevices;
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    await doubtful("user.lookup", "applied", client, { username: name });
    const found = await client.status();
    expect(found.body).toMatchObject({ status: "DEVICE_SELECTION_REQUIRED", next: ["device"] });
    client.token = found.body.flowToken ?? "";
    await doubtful("device.select", "applied", client, { deviceId: devices[1].id });
    const chosen = await client.status();
    expect(chosen.body).toMatchObject({ status: "OTP_REQUIRED", selectedDevice: devices[1].id });
    client.token = chosen.body.flowToken ?? "";
    await doubtful("otp.check", "applied", client, { otp: product.code(name) });
    const done = await client.status();
    expect(done.body).toMatchObject({ status: "COMPLETED" });
    client.token = done.body.flowToken ?? "";
    expect(await product.finish(client)).toMatchObject({ preferred_username: name });
  });
});

describe("a read whose answer is lost, with minimal disclosure", () => {
  it("leaves the same doubt for a decoy as for anybody", async () => {
    const other = await createProduct({ DISCLOSURE: "minimal" });
    const wordsFor = async (name: string) => {
      const client = other.client();
      await client.start({ policy: "Passwordless" });
      await client.step("lookup", { username: name });
      const words: unknown[] = [];
      for (const fault of [
        { kind: "reset", applied: true },
        { kind: "status", status: 503 },
      ] as const) {
        other.simulator.faults.script({ on: "any", ...fault });
        const { body } = await (words.length === 0 ? client.step("otp", { otp: "000000" }) : client.status());
        words.push([body["error"], body["retryable"], body["attemptCounted"]]);
      }
      const settled = await client.status();
      return [...words, settled.body.status, settled.body["settled"]];
    };
    try {
      const known = await wordsFor(people.emailOtp.username);
      const doubt = ["outcome-unknown", false, null];
      expect(known).toEqual([doubt, doubt, "OTP_REQUIRED", "no-progress"]);
      expect(await wordsFor("nobody@example.com")).toEqual(known);
    } finally {
      await other.close();
    }
  });
});
