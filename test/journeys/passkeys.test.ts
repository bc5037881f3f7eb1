import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerMs, assertionBy } from "../simulator/passkey.ts";
import { people } from "../simulator/people.ts";
import { createProducts, disclosures, type Products } from "../support/disclosures.ts";
import { type ApiReply, type FlowClient, faultsIn } from "../support/flow-client.ts";
import type { Product } from "../support/product.ts";
import { passkeyOrigin } from "../support/stand-in.ts";

const { username, devices } = people.passkey;
const [{ id: deviceId, passkey }] = devices;

let products: Products;
let product: Product;
beforeAll(async () => {
  products = await createProducts();
  product = products.hints;
});
afterAll(() => Promise.all(Object.values(products ?? {}).map((one) => one.close())));

/** A flow that waits for a passkey, and the view that says so. */
async function asked(of = product, name: string = username) {
  const client = of.client();
  await client.start({ policy: "Passwordless" });
  const { body } = await client.step("lookup", { username: name });
  return { client, view: body };
}

/** What the browser's authenticator signs for that view. */
function signed(view: ApiReply["body"], origin: string = passkeyOrigin) {
  const { challenge } = { challenge: "", ...Object(view["publicKey"]) };
  return assertionBy(passkey, { origin, challenge });
}

function assert(client: FlowClient, assertion: object): Promise<ApiReply> {
  return client.step("assertion", { assertion });
}

const sentTo = (of: Product, action: string) => of.simulator.calls.filter((call) => call.action === action);

describe("a passkey", () => {
  it.each(
    disclosures.flatMap((disclosure) =>
      (["arrays", "base64url", "base64"] as const).map((fidoBytes) => [disclosure, fidoBytes] as const),
    ),
  )(
    "is asked for in the browser's own form, and signs on: %s, bytes as %s",
    async (disclosure, fidoBytes) => {
      const of = products[disclosure];
      of.simulator.switches.fidoBytes = fidoBytes;
      const { client, view } = await asked(of);
      of.simulator.switches.fidoBytes = "arrays";
      expect(view).toMatchObject({ status: "ASSERTION_REQUIRED", next: ["assertion", "device"] });
      expect(view["publicKey"]).toEqual({
        challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        timeout: answerMs,
        rpId: "localhost",
        allowCredentials: [{ type: "public-key", id: passkey.credentialId.toString("base64url") }],
        userVerification: "preferred",
      });
      expect((await assert(client, signed(view))).body.status).toBe("COMPLETED");
      expect(await of.finish(client)).toMatchObject({ preferred_username: username, amr: ["hwk"] });
    },
  );

  it("is sent to PingOne in base64 with padding, as a text, with the origin that was signed", async () => {
    const { client, view } = await asked();
    const assertion = signed(view);
    await assert(client, { ...assertion, authenticatorAttachment: "platform", clientExtensionResults: {} });
    const { body = "" } = sentTo(product, "assertion.check").at(-1) ?? {};
    const padded = (text: string) => Buffer.from(text, "base64url").toString("base64");
    const { clientDataJSON, authenticatorData, signature } = assertion.response;
    expect(JSON.parse(body)).toEqual({ origin: passkeyOrigin, assertion: expect.any(String) });
    expect(JSON.parse(JSON.parse(body).assertion)).toEqual({
      ...{ id: assertion.id, rawId: padded(assertion.rawId), type: "public-key" },
      response: {
        ...{ clientDataJSON: padded(clientDataJSON), authenticatorData: padded(authenticatorData) },
        ...{ signature: padded(signature), userHandle: null },
      },
    });
  });

  it("may be wrong: an attempt is spent, and the same challenge can be signed again", async () => {
    const { client, view } = await asked();
    const right = signed(view);
    const other = await asked();
    const wrong = await assert(client, signed(other.view));
    expect(wrong.http).toBe(422);
    expect(wrong.body).toMatchObject({
      error: "assertion-rejected",
      ...{ attemptCounted: true, flowEnded: false, flow: { status: "ASSERTION_REQUIRED" } },
    });
    expect((await assert(client, right)).body.status).toBe("COMPLETED");
  });

  it.each(["body-4xx", "failed-200", "open-200"] as const)(
    "is refused by one name, wherever PingOne tells it: %s",
    async (reasonsIn) => {
      const { client, view } = await asked();
      product.simulator.switches.reasonsIn = reasonsIn;
      const { response, ...rest } = signed(view);
      const wrong = await assert(client, { ...rest, response: { ...response, signature: "AAAA" } });
      product.simulator.switches.reasonsIn = "by-reason";
      expect(wrong.body).toMatchObject({
        ...{ error: "assertion-rejected", flowEnded: reasonsIn === "failed-200" },
      });
    },
  );

  it("is refused by that name where PingOne ends the flow and says nothing", async () => {
    const { client, view } = await asked();
    const ended = { kind: "failed", code: "SOMETHING_ELSE" } as const;
    product.simulator.faults.script({ on: "assertion.check", ...ended });
    expect((await assert(client, signed(view))).body).toMatchObject({
      ...{ error: "assertion-rejected", flowEnded: true },
    });
  });

  it("is locked after three in a row", async () => {
    const { client, view } = await asked();
    const { response, ...rest } = signed(view);
    const wrong = { ...rest, response: { ...response, signature: "AAAA" } };
    for (const _ of [1, 2, 3]) await assert(client, wrong);
    expect((await assert(client, wrong)).body).toMatchObject({ error: "locked-out" });
    product.clock.advance(3 * 60_000);
  });

  it.each(["https://evil.example", "http://localhost:3001", "http://localhost:3000.evil.example"])(
    "is not sent on from a page that nobody listed: %s",
    async (origin) => {
      const { client, view } = await asked();
      const made = product.simulator.calls.length;
      const reply = await assert(client, signed(view, origin));
      expect(reply.http).toBe(400);
      expect(faultsIn(reply)).toEqual(["assertion.response.clientDataJSON unknown"]);
      expect(reply.body).toMatchObject({ attemptCounted: false });
      expect(product.simulator.calls).toHaveLength(made);
      expect((await assert(client, signed(view))).body.status).toBe("COMPLETED");
    },
  );

  it("can be given up for another device, and signed anew", async () => {
    const { username: pia, devices: own } = people.passkeyAndMail;
    const { client, view } = await asked(product, pia);
    expect(view).toMatchObject({ status: "ASSERTION_REQUIRED", next: ["assertion", "device"] });
    const mailed = await client.step("device", { deviceId: own[1].id });
    expect(mailed.body).toMatchObject({ status: "OTP_REQUIRED", next: ["otp", "device"] });
    expect(mailed.body).not.toHaveProperty("publicKey");
    const again = await client.step("device", { deviceId: own[0].id });
    expect(again.body["publicKey"]).not.toEqual(view["publicKey"]);
    await client.step("device", { deviceId: own[1].id });
    await client.step("otp", { otp: product.code(pia) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: pia });
  });

  it("is named member by member where it is malformed, and up to 16 KB are read", async () => {
    const { client, view } = await asked();
    const { response, ...rest } = signed(view);
    const told = async (assertion: object) => faultsIn(await assert(client, assertion));
    expect(await told({ ...rest, response: { ...response, signature: "a+b/" } })).toEqual([
      "assertion.response.signature malformed",
    ]);
    expect(await told({ ...rest, type: "password", response })).toEqual(["assertion.type unknown"]);
    expect(await told({ ...rest, response: { ...response, clientDataJSON: "e30" } })).toEqual([
      "assertion.response.clientDataJSON malformed",
    ]);
    expect(await told({ ...rest, response, padding: "x".repeat(16 * 1024) })).toEqual(["body too-long"]);
    const roomy = await assert(client, { ...rest, response, padding: "x".repeat(14 * 1024) });
    expect(roomy.body.status).toBe("COMPLETED");
    const other = await client.step("otp", { otp: `123456${" ".repeat(9_000)}` });
    expect(faultsIn(other)).toEqual(["body too-long"]);
  });

  it("that can't be chosen again brings its new challenge by its id", async () => {
    const { client, view } = await asked();
    const reply = await client.step("device", { deviceId });
    expect(reply.body["publicKey"]).not.toEqual(view["publicKey"]);
    expect((await assert(client, signed(reply.body))).body.status).toBe("COMPLETED");
  });
});

describe("a passkey's request that is too large to be kept", () => {
  const ids = Array.from({ length: 20 }, (_, at) => Buffer.alloc(100, at));
  const options = (challenge: Buffer) =>
    JSON.stringify({
      challenge: [...challenge],
      rpId: "localhost",
      allowCredentials: ids.map((id) => ({ type: "public-key", id: [...id] })),
    });

  it.each(disclosures)(
    "is brought by a read, as often as it is asked for, and kept nowhere: %s",
    async (one) => {
      const of = products[one];
      const client = of.client();
      await client.start({ policy: "Passwordless" });
      const body = {
        ...{
          id: "flow-1",
          status: "ASSERTION_REQUIRED",
          _links: { "assertion.check": {}, "device.select": {} },
        },
        publicKeyCredentialRequestOptions: options(Buffer.alloc(32, 7)),
      };
      const canned = { kind: "reply", status: 200, body } as const;
      of.simulator.faults.script({ on: "user.lookup", ...canned });
      const { token } = client;
      const first = await client.step("lookup", { username });
      expect(first.body).toMatchObject({ more: ["publicKey"], next: ["assertion", "device"] });
      expect(first.body).not.toHaveProperty("publicKey");
      expect((await client.step("lookup", { username }, token)).text).toBe(first.text);
      for (const _ of [1, 2]) {
        of.simulator.faults.script({ on: "read", ...canned });
        const { body: read } = await client.status();
        expect(read).toMatchObject({ status: "ASSERTION_REQUIRED", publicKey: { rpId: "localhost" } });
        expect(Object(read["publicKey"]).allowCredentials).toEqual(
          ids.map((id) => ({ type: "public-key", id: id.toString("base64url") })),
        );
        expect(read).not.toHaveProperty("flowToken");
      }
      expect(JSON.stringify(await of.rowOf(client.flowId))).not.toContain("allowCredentials");
    },
  );
});
