import { describe, expect, it } from "vitest";
import type { FlowStore } from "../../lib/flow/store.ts";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { lookupEmailSeed, lookupSmsSeed, otpSeed, passwordSeed } from "../support/seeds.ts";

const environmentId = "082dba86-d36e-413e-85b4-ee499a5cea55";
// The header that the password page shows, word for word.
const sessionCookie =
  `ST=3e0967f4-aba0-479c-86cf-fb5fe5b804d6; Path=/${environmentId}; Max-Age=2592000; ` +
  "Expires=Thu, 19 Feb 2026 19:29:00 GMT; Secure; HttpOnly; SameSite=None";

const { _links: misplaced } = otpSeed;
const { self, ...fields } = misplaced;
/** The `otp` page with its members where every newer page has them. */
const mendedOtpSeed = { _links: { self }, ...fields };

interface Stage {
  readonly product: Product;
  readonly client: FlowClient;
  readonly store: FlowStore;
}

/** By the clock of the page: an answer of another decade is none of PingOne's. */
async function onStage(
  policy: string,
  { createdAt }: { readonly createdAt: string },
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stores: FlowStore[] = [];
  const product = await createProduct(
    {},
    {
      environmentId,
      ports: (ports) => {
        stores.push(ports.store);
        return ports;
      },
    },
  );
  try {
    const { client: newClient, clock } = product;
    clock.advance(Date.parse(createdAt) - clock.now());
    const client = newClient();
    await client.start({ policy });
    for (const store of stores) await play({ product, client, store });
  } finally {
    await product.close();
  }
}

/** Has PingOne answer with a page. */
function replay(
  { clock, simulator }: Product,
  on: "user.lookup" | "usernamePassword.check" | "otp.check",
  body: Readonly<Record<string, unknown>>,
): void {
  const headers: [string, string][] = [
    ["Content-Type", "application/hal+json;charset=UTF-8"],
    ["Date", new Date(clock.now()).toUTCString()],
    ["Set-Cookie", sessionCookie],
  ];
  simulator.faults.script({ on, kind: "reply", status: 200, headers, body: { ...body } });
}

/** The end of a flow as a client is told it: PingOne's own life of it by our clock, less two seconds. */
function endOf({ clock }: Product, page: { readonly createdAt: string; readonly expiresAt: string }) {
  const date = Math.floor(Date.parse(page.createdAt) / 1_000) * 1_000;
  const lifeMs = Date.parse(page.expiresAt) - date - 2_000;
  return {
    expiresAt: new Date(clock.now() + lifeMs).toISOString(),
    expiresIn: Math.floor(lifeMs / 1_000),
  };
}

describe("the pages this API was built from, replayed as PingOne's answers", () => {
  it("lookup-email leads to a passcode by mail", () =>
    onStage("Passwordless", lookupEmailSeed, async ({ product, client }) => {
      replay(product, "user.lookup", lookupEmailSeed);
      const { body } = await client.step("lookup", { username: people.emailOtp.username });
      const { flowToken: _, ...view } = body;
      const id = "eb8ef69e-6d08-41b3-97d9-167c801fa6f5";
      expect(view).toEqual({
        flowId: client.flowId,
        status: "OTP_REQUIRED",
        next: ["otp", "device"],
        ...endOf(product, lookupEmailSeed),
        otpLength: 6,
        selectedDevice: id,
        devices: [{ id, type: "EMAIL", hint: "jo****@pingidentity.com" }],
      });
      const row = await product.rowOf(client.flowId);
      // 19:21:03.741 less PingOne's own 19:05:49, less the margin of two seconds.
      expect(Number(row?.["deadline"]) - product.clock.now()).toBe(914_741 - 2_000);
    }));

  it("lookup-sms leads to a passcode by SMS, of a length nobody told", () =>
    onStage("Passwordless", lookupSmsSeed, async ({ product, client }) => {
      replay(product, "user.lookup", lookupSmsSeed);
      const { body } = await client.step("lookup", { username: people.emailOtp.username });
      const { flowToken: _, ...view } = body;
      const id = "203fe40d-1b4a-419b-947b-d59fe4d62405";
      expect(view).toEqual({
        flowId: client.flowId,
        status: "OTP_REQUIRED",
        next: ["otp", "device"],
        ...endOf(product, lookupSmsSeed),
        selectedDevice: id,
        devices: [{ id, type: "SMS", hint: "*******01" }],
      });
      // With no length told, any length that can be one is PingOne's to judge.
      const calls = product.simulator.calls.length;
      await client.step("otp", { otp: "12345678" });
      expect(product.simulator.calls).toHaveLength(calls + 1);
    }));

  it("password completes the flow, and its cookie buys the code", () =>
    onStage("Single_Factor", passwordSeed, async ({ product, client }) => {
      const { username, password } = people.passwordOnly;
      replay(product, "usernamePassword.check", passwordSeed);
      const { body } = await client.step("password", { username, password });
      const { flowToken: _, ...view } = body;
      expect(view).toEqual({
        flowId: client.flowId,
        status: "COMPLETED",
        next: ["resume"],
        ...endOf(product, passwordSeed),
      });
      expect(await product.finish(client)).toMatchObject({ preferred_username: username });
      const resumed = product.simulator.calls.find(({ action }) => action === "resume");
      expect(resumed?.flowId).toBe("03c69293-8ec6-4f4a-a60f-535eae4b7520");
      expect(resumed?.cookies).toEqual({ ST: "3e0967f4-aba0-479c-86cf-fb5fe5b804d6" });
    }));

  it("otp, with its members inside _links, is unreadable: a named problem, and the cookies kept", () =>
    onStage("Passwordless", misplaced, async ({ product, client, store }) => {
      const { username } = people.emailOtp;
      await client.step("lookup", { username });
      replay(product, "otp.check", otpSeed);
      const reply = await client.step("otp", { otp: product.code(username) });
      expect(reply.http).toBe(503);
      expect(reply.body).toMatchObject({ error: "outcome-unknown", flowEnded: false });
      const found = await store.read({ flowId: client.flowId, flowToken: client.token });
      expect(found?.flow?.status).toBe("OTP_REQUIRED");
      expect(found?.jar?.cookies).toMatchObject([
        { name: "ST", value: "3e0967f4-aba0-479c-86cf-fb5fe5b804d6" },
      ]);
    }));

  it("otp, mended, completes the flow", () =>
    onStage("Passwordless", misplaced, async ({ product, client }) => {
      const { username } = people.emailOtp;
      await client.step("lookup", { username });
      replay(product, "otp.check", mendedOtpSeed);
      const reply = await client.step("otp", { otp: product.code(username) });
      expect(reply.body).toMatchObject({
        status: "COMPLETED",
        next: ["resume"],
        ...endOf(product, misplaced),
      });
      expect(await product.finish(client)).toMatchObject({ preferred_username: username });
    }));
});
