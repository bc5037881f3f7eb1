import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { faultsIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

const { username, password } = people.passwordOnly;

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

async function signedOn(policy: string) {
  const client = product.client();
  await client.start({ policy });
  return { client, reply: await client.step("password", { username, password }) };
}

const sentTo = (action: string) => product.simulator.calls.filter((call) => call.action === action);

describe("a policy that wants to know more of a person", () => {
  it("says what, takes it by name, and PingOne is sent nested objects", async () => {
    const { client, reply } = await signedOn("Progressive_Profiling");
    expect(reply.body).toMatchObject({
      ...{ status: "PROFILE_DATA_REQUIRED", next: ["profile"] },
      profile: {
        prompt: "Tell us a little more.",
        attributes: [
          { name: "nickname", label: "Nickname" },
          { name: "address.locality", label: "City" },
        ],
      },
    });
    const attributes = { nickname: "Annie", "address.locality": "Utrecht" };
    expect((await client.step("profile", { attributes })).body.status).toBe("COMPLETED");
    expect(JSON.parse(sentTo("user.update").at(-1)?.body ?? "")).toEqual({
      ...{ nickname: "Annie", address: { locality: "Utrecht" } },
    });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each<Readonly<Record<string, string>>>([
    { nickname: "Annie", email: "ann@elsewhere.example" },
    { nickname: "Annie", address: "x" },
    { constructor: "x" },
    { enabled: "true" },
  ])("takes no attribute that it didn't ask for, and PingOne isn't asked: %o", async (attributes) => {
    const { client } = await signedOn("Progressive_Profiling");
    const made = product.simulator.calls.length;
    const reply = await client.step("profile", { attributes });
    expect([reply.http, faultsIn(reply), reply.body["attemptCounted"]]).toEqual([
      ...[400, ["attributes unknown"], false],
    ]);
    expect(product.simulator.calls).toHaveLength(made);
  });

  it.each(["body-4xx", "failed-200", "open-200"] as const)(
    "is not content with one that misses, wherever PingOne says so: %s",
    async (reasonsIn) => {
      const { client } = await signedOn("Progressive_Profiling");
      product.simulator.switches.reasonsIn = reasonsIn;
      const reply = await client.step("profile", { attributes: { "address.locality": "Utrecht" } });
      product.simulator.switches.reasonsIn = "by-reason";
      expect(reply.body).toMatchObject({
        ...{ error: "profile-rejected", flowEnded: reasonsIn === "failed-200", attemptCounted: true },
      });
    },
  );
});

describe("an agreement", () => {
  it.each(["embedded", "flow"] as const)("is shown and accepted: its text %s", async (agreementIn) => {
    product.simulator.switches.agreementIn = agreementIn;
    const { client, reply } = await signedOn("Agreement");
    product.simulator.switches.agreementIn = "embedded";
    expect(reply.body).toMatchObject({
      ...{ status: "AGREEMENT_CONSENT_REQUIRED", next: ["consent"] },
      agreement: {
        title: "Terms of use",
        contentType: "text/plain",
        text: expect.stringMatching(/^You may sign on here/),
      },
    });
    expect((await client.step("consent", { accept: true })).body.status).toBe("COMPLETED");
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("can be accepted where PingOne tells nothing of it", async () => {
    product.simulator.switches.agreementIn = "nowhere";
    const { client, reply } = await signedOn("Agreement");
    product.simulator.switches.agreementIn = "embedded";
    expect(reply.body).not.toHaveProperty("agreement");
    expect((await client.step("consent", { accept: true })).body.status).toBe("COMPLETED");
  });

  it("ends the flow by name where it is refused", async () => {
    const { client } = await signedOn("Agreement");
    const reply = await client.step("consent", { accept: false });
    expect(reply.http).toBe(422);
    expect(reply.body).toMatchObject({
      error: "consent-refused",
      flowEnded: true,
      flow: { status: "FAILED" },
    });
  });

  it("goes on where PingOne lets nobody refuse", async () => {
    const { client } = await signedOn("Agreement");
    product.simulator.switches.refusedConsent = "400-invalid-value";
    const reply = await client.step("consent", { accept: false });
    product.simulator.switches.refusedConsent = "FAILED";
    expect(reply.body).toMatchObject({ error: "consent-refused", flowEnded: false });
    expect((await client.step("consent", { accept: true })).body.status).toBe("COMPLETED");
  });

  it("fails for another reason by that reason's name", async () => {
    const { client } = await signedOn("Agreement");
    product.simulator.faults.script({ on: "user.consent", kind: "failed", code: "MFA_DISABLED" });
    expect((await client.step("consent", { accept: true })).body).toMatchObject({
      ...{ error: "flow-failed", failure: "MFA_DISABLED" },
    });
  });

  it("of the largest size is read through, and kept nowhere", async () => {
    const text = `${"<p>Agreed.</p>".repeat(2_200)}<p>The end.</p>`;
    const client = product.client();
    await client.start({ policy: "Agreement" });
    const body = {
      ...{ id: "flow-1", status: "AGREEMENT_CONSENT_REQUIRED", _links: { "user.consent": {} } },
      _embedded: { agreement: { name: "Terms", text, contentType: "text/html" } },
    };
    const canned = { kind: "reply", status: 200, body } as const;
    product.simulator.faults.script({ on: "usernamePassword.check", ...canned });
    const reply = await client.step("password", { username, password });
    expect(reply.body).toMatchObject({ next: ["consent"], more: ["agreement"] });
    expect(reply.text).not.toContain("Agreed");
    product.simulator.faults.script({ on: "read", ...canned });
    expect((await client.status()).body["agreement"]).toEqual({
      ...{ title: "Terms", text, contentType: "text/html" },
    });
    expect(JSON.stringify(await product.rowOf(client.flowId))).not.toContain("Agreed");
  });
});

describe("a push that is given up", () => {
  const { username: paula, devices } = people.pushAndSms;

  async function pushed() {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    return { client, reply: await client.step("lookup", { username: paula }) };
  }

  it("leaves another device to choose, and nobody answers it any more", async () => {
    const { client, reply } = await pushed();
    expect(reply.body).toMatchObject({
      ...{ status: "PUSH_CONFIRMATION_REQUIRED", next: ["device", "push-cancel"], pollAfter: 2 },
    });
    const chosen = await client.step("push-cancel");
    expect(chosen.body).toMatchObject({ status: "DEVICE_SELECTION_REQUIRED", next: ["device"] });
    expect(chosen.body).not.toHaveProperty("pollAfter");
    expect(JSON.parse(sentTo("cancel.push.authentication").at(-1)?.body ?? "")).toEqual({
      ...{ reason: "CHANGE_DEVICE" },
    });
    await client.step("device", { deviceId: devices[1].id });
    await client.step("otp", { otp: product.code(paula) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: paula });
  });

  it("is offered only where PingOne offers it", async () => {
    product.simulator.switches.pushCancel = "absent";
    const { client, reply } = await pushed();
    product.simulator.switches.pushCancel = "offered";
    expect(reply.body.next).toEqual(["device"]);
    expect((await client.step("push-cancel")).body).toMatchObject({ error: "wrong-step" });
  });
});
