import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { passwordPolicy } from "../simulator/password-policy.ts";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

const { username, password } = people.passwordOnly;

async function started(policy = "Single_Factor"): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy });
  return client;
}

describe("a person who", () => {
  it.each<[string, string, number, object]>([
    ["is locked out for a time", people.lockedTimed.username, 423, { error: "locked-out" }],
    ["is locked out until somebody helps", people.lockedForever.username, 423, { error: "locked-out" }],
    ["is disabled", people.disabled.username, 422, { error: "credentials-rejected" }],
    ["has no password", people.noPassword.username, 422, { error: "credentials-rejected" }],
    ["is unknown", "nobody@example.com", 422, { error: "credentials-rejected" }],
  ])("%s is told so by name", async (_, name, http, problem) => {
    const client = await started();
    const reply = await client.step("password", { username: name, password });
    expect(reply.http).toBe(http);
    expect(reply.body).toMatchObject({ ...problem, flowEnded: false, attemptCounted: true });
  });

  it("is unknown gets the very answer of a wrong password", async () => {
    const told = async (name: string) => {
      const reply = await (await started()).step("password", { username: name, password: "wrong" });
      const { requestId: _r, instance: _i, flow, ...problem } = reply.body;
      const rest = { ...problem, flow: { ...flow, flowId: "", flowToken: "" } };
      return rest;
    };
    expect(await told("nobody@example.com")).toEqual(await told(username));
  });

  it.each([
    [people.passwordExpired.username, "PASSWORD_EXPIRED"],
    [people.temporaryPassword.username, "MUST_CHANGE_PASSWORD"],
  ])("%s is asked for a new password, and told the rules", async (name, status) => {
    const client = await started();
    const reply = await client.step("password", { username: name, password });
    expect(reply.body).toMatchObject({ status, next: ["password-change"], passwordPolicy });
    expect(reply.body).not.toHaveProperty("fallback");
  });

  it("mistypes the code is told how many attempts are left, then locked out, then let in again", async () => {
    const { username: name } = people.emailOtp;
    const client = await started("Passwordless");
    await client.step("lookup", { username: name });
    const wrong = product.code(name) === "000000" ? "111111" : "000000";
    for (const attemptsRemaining of [2, 1, 0]) {
      const reply = await client.step("otp", { otp: wrong });
      expect(reply.http).toBe(422);
      expect(reply.body).toMatchObject({ error: "otp-rejected", attemptsRemaining });
    }
    const locked = await client.step("otp", { otp: product.code(name) });
    expect(locked.body).toMatchObject({ error: "locked-out", retryable: true });
    const seconds = Number(locked.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    product.clock.advance(seconds * 1_000);
    await client.step("otp", { otp: product.code(name) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: name });
  });
});
