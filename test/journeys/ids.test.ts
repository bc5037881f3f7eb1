import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { firewallRules } from "../../infra/api/web-acl-rules.ts";
import { people } from "../simulator/people.ts";
import { BrowserClient, cookieDelivery } from "../support/browser-client.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct(cookieDelivery);
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const { username: dora, devices } = people.twoDevices;
const [first, second] = devices;

/** How an id may be printed anew. */
const spellings: readonly [string, (id: string) => string][] = [
  ["in lower case", (id) => id],
  ["in capitals", (id) => id.toUpperCase()],
  [
    "in both",
    (id) => id.replaceAll(/[a-f]/g, (letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)),
  ],
];

async function started(spelled: (id: string) => string, policy: string): Promise<FlowClient> {
  const client = product.client();
  await client.start({ policy });
  client.flowId = spelled(client.flowId);
  return client;
}

describe.each(spellings)("an id %s", (_, spelled) => {
  it("of a flow is the same flow in every call, in the row and in the log", async () => {
    const client = await started(spelled, "Multi_Factor");
    const id = client.flowId.toLowerCase();
    const calls = [
      await client.status(),
      await client.step("password", { username: dora, password }),
      await client.step("device", { deviceId: first.id }),
      await client.step("otp", { otp: product.code(dora) }),
      await client.step("resume"),
    ];
    expect(calls.map(({ body }) => body.status)).toEqual([
      ...["USERNAME_PASSWORD_REQUIRED", "DEVICE_SELECTION_REQUIRED", "OTP_REQUIRED", "COMPLETED", "RESUMED"],
    ]);
    expect(new Set(calls.map(({ body }) => body.flowId))).toEqual(new Set([id]));
    expect(new Set(product.log.slice(-calls.length).map(({ flowId }) => flowId))).toEqual(new Set([id]));
    expect(await product.rowOf(id)).toMatchObject({ status: "RESUMED" });
    expect((await client.cancel()).http).toBe(204);
    expect(await product.rowOf(id)).toBeUndefined();
  });

  it("of a flow opens what was sealed under another, and finds its repetition", async () => {
    const client = await started((id) => id, "Identifier_First");
    const { token } = client;
    const looked = await client.step("lookup", { username });
    client.flowId = spelled(client.flowId);
    expect((await client.step("lookup", { username }, token)).text).toBe(looked.text);
    expect((await client.step("password", { username, password })).body.status).toBe("COMPLETED");
  });

  it("of a device is matched, and sent as PingOne spelled it", async () => {
    const client = await started((id) => id, "Multi_Factor");
    await client.step("password", { username: dora, password });
    for (const deviceId of [second.id, second.id, first.id]) {
      const reply = await client.step("device", { deviceId: spelled(deviceId) });
      expect(reply.body).toMatchObject({ status: "OTP_REQUIRED", selectedDevice: deviceId });
      expect(product.simulator.calls.at(-1)?.body).toBe(JSON.stringify({ device: { id: deviceId } }));
    }
  });

  it("of a device is the same request as in another case: its repetition is answered, and nothing sent", async () => {
    const client = await started((id) => id, "Multi_Factor");
    await client.step("password", { username: dora, password });
    const { token } = client;
    const chosen = await client.step("device", { deviceId: second.id });
    const before = product.simulator.calls.length;
    const again = await client.step("device", { deviceId: spelled(second.id) }, token);
    expect(again.text).toBe(chosen.text);
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("of a device that PingOne spells in capitals is sent in capitals", async () => {
    const client = await started((id) => id, "Multi_Factor");
    const loud = second.id.toUpperCase();
    const body = {
      id: crypto.randomUUID(),
      status: "DEVICE_SELECTION_REQUIRED",
      _links: { "device.select": { href: "https://auth.invalid/flows/1" } },
      _embedded: { devices: [{ id: loud, type: "EMAIL", email: "d***@example.com" }] },
    };
    const reply = { on: "usernamePassword.check", kind: "reply", status: 200, applied: true } as const;
    product.simulator.faults.script({ ...reply, body });
    await client.step("password", { username: dora, password });
    await client.step("device", { deviceId: spelled(second.id) });
    expect(product.simulator.calls.at(-1)?.body).toBe(JSON.stringify({ device: { id: loud } }));
  });

  it("of a flow is on the path that account-takeover prevention guards", async () => {
    const client = await started(spelled, "Single_Factor");
    for (const prefix of ["", "/prod"]) {
      expect(`${prefix}/flows/${client.flowId}/password`).toMatch(guarded);
    }
  });
});

/** What the rule takes for the path where people sign on. */
const [, guarded = /^no rule$/] =
  /"loginPath":"([^"]+)"/
    .exec(
      JSON.stringify(
        firewallRules({
          firewall: { requestsPerAddress: 100, credentialsPerAddress: 100, accountTakeoverPrevention: true },
          ...{ allowedOrigins: [], cookieDelivery: false },
        }),
      ),
    )
    ?.map((pattern) => new RegExp(pattern)) ?? [];

describe("the paths that account-takeover prevention guards", () => {
  it.each([
    "/flows/%34%32d5b137-0f9b-4a52-9f0e-7a3f5f7c9d10/password",
    "/FLOWS/42d5b137-0f9b-4a52-9f0e-7a3f5f7c9d10/password",
    "/flows/42d5b137-0f9b-4a52-9f0e-7a3f5f7c9d10/password/",
    "/flows/42d5b137-0f9b-4a52-9f0e-7a3f5f7c9d10/p%61ssw%6Frd",
    "/fl%6fws/42d5b137-0f9b-4a52-9f0e-7a3f5f7c9d10/%70%61%73%73%77%6f%72%64//",
  ])("leave out none that leads to a flow: %s", async (path) => {
    const reply = await fetch(`${product.api}${path}`, { method: "POST" });
    const leadsToFlow = reply.status === 400;
    expect(guarded.test(path) || !leadsToFlow).toBe(true);
  });
});

describe("a page that prints the id of its flow in capitals", () => {
  it("signs on by cookie all the same, and both paths have the newest token", async () => {
    const browser = new BrowserClient(product.api);
    await browser.start();
    const printed = browser.flowId;
    const spelled = [printed.toUpperCase(), printed] as const;
    const steps: readonly [string, Record<string, string> | undefined, string][] = [
      ["password", { username: "nobody@example.com", password }, "credentials-rejected"],
      ["password", { username, password }, "COMPLETED"],
      ["resume", undefined, "RESUMED"],
    ];
    for (const [at, [step, body, word]] of steps.entries()) {
      browser.flowId = spelled[at % 2] ?? "";
      const { body: told } = await browser.step(step, body);
      expect(told.error ?? told.status).toBe(word);
      expect((await browser.status()).http).toBe(200);
    }
    expect(browser.tokens).toHaveLength(4);
    browser.flowId = printed.toUpperCase();
    expect((await browser.cancel()).http).toBe(204);
    expect([...browser.jar.values()].flatMap((cookies) => [...cookies])).toEqual([]);
  });
});
