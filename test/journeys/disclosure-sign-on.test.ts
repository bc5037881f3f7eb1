import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chosenDevice } from "../../lib/flow/decoy.ts";
import { people } from "../simulator/people.ts";
import type { ApiReply, FlowClient } from "../support/flow-client.ts";
import { likenessOf } from "../support/likeness.ts";
import { createProduct, type Product } from "../support/product.ts";

const { username: john } = people.emailOtp;

let product: Product;
beforeAll(async () => {
  product = await createProduct({ DISCLOSURE: "minimal" }, { switches: { cookiesAt: "authorize" } });
});
// Longer than any lock of the stand-in's that has an end.
afterEach(() => product.clock.advance(11 * 60_000));
afterAll(() => product.close());

/** Those of whom PingOne takes no password at all, each for another reason. */
const { lockedTimed, lockedForever, noPassword, disabled } = people;
const unaccepted = [
  "nobody@example.com",
  ...[lockedTimed, lockedForever, noPassword, disabled].map(({ username }) => username),
];

async function wrongPasswords(policy: string, username: string): Promise<readonly string[]> {
  const client = product.client();
  await client.start({ policy });
  const replies = policy === "Identifier_First" ? [await client.step("lookup", { username })] : [];
  for (let tries = 0; tries < 6; tries += 1) {
    replies.push(await client.step("password", { username, password: "wrong" }));
  }
  replies.push(await client.status());
  return replies.map(likenessOf);
}

async function approvePush(username: string): Promise<void> {
  const url = `${product.simulator.origin}/_simulator/push/${username}`;
  await fetch(url, { method: "POST", body: JSON.stringify({ answer: "approve" }) });
}

describe("with minimal disclosure, a password", () => {
  it.each(["Single_Factor", "Identifier_First", "Multi_Factor"])(
    "under %s is rejected alike, whoever's it is",
    async (policy) => {
      const known = await wrongPasswords(policy, people.emailOtp.username);
      expect(known.at(-2)).toContain("attempts-exhausted");
      for (const username of unaccepted) {
        expect(await wrongPasswords(policy, username), username).toEqual(known);
      }
      // Whoever runs the service still learns of it.
      const lockouts = product.log.filter(({ lockedOut }) => lockedOut === true);
      expect(new Set(lockouts.map(({ outcome }) => outcome))).toEqual(new Set(["credentials-rejected"]));
    },
  );

  it("brings the devices without their hints, and rejections without what is left", async () => {
    const { username, password, devices } = people.smsOtp;
    const client = product.client();
    await client.start({ policy: "Multi_Factor" });
    const accepted = await client.step("password", { username, password });
    expect(accepted.body).toMatchObject({ otpLength: 6, selectedDevice: devices[0].id });
    expect(accepted.body.devices).toEqual([{ id: devices[0].id, type: "SMS" }]);
    const replies: ApiReply[] = [];
    for (let tries = 0; tries < 3; tries += 1) replies.push(await client.step("otp", { otp: "000000" }));
    const resent = await client.step("device", { deviceId: devices[0].id });
    replies.push(await client.step("otp", { otp: "000000" }));
    // Cooled down by now, which is no other answer.
    expect(replies.map(({ body: { error } }) => error)).toEqual(Array(4).fill("otp-rejected"));
    expect(new Set(replies.slice(0, -1).map(likenessOf)).size).toBe(1);
    // With the password the last of five credentials.
    expect(replies.map(({ body }) => body.flow?.next)).toEqual([...Array(3).fill(["otp", "device"]), []]);
    expect(replies[0]?.body.attemptsRemaining).toBeUndefined();
    expect(resent.body).toMatchObject({
      error: "request-invalid",
      fields: [{ name: "deviceId", reason: "unknown" }],
    });
  });
});

describe("with minimal disclosure, the person signs on", () => {
  it.each(["Single_Factor", "Identifier_First"])("under %s", async (policy) => {
    const { username, password } = people.passwordOnly;
    const client = product.client();
    await client.start({ policy });
    if (policy === "Identifier_First") await client.step("lookup", { username });
    await client.step("password", { username, password });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each([people.emailOtp, people.twoDevices])("under Multi_Factor: $username", async (person) => {
    const { username, password } = person;
    const client = product.client();
    await client.start({ policy: "Multi_Factor" });
    const { body } = await client.step("password", { username, password });
    if (body.next?.[0] === "device") await client.step("device", { deviceId: body.devices?.[1]?.id ?? "" });
    await client.step("otp", { otp: product.code(username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("under Passwordless, with a code that was sent again after a wrong one", async () => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    const looked = await client.step("lookup", { username: john });
    const first = product.code(john);
    await client.step("otp", { otp: first.replace(/./g, "0") });
    await client.step("device", { deviceId: String(looked.body["selectedDevice"]) });
    expect(product.code(john)).not.toBe(first);
    expect((await client.step("otp", { otp: product.code(john) })).body).toMatchObject({
      status: "COMPLETED",
      next: ["resume"],
    });
    expect(await product.finish(client)).toMatchObject({ preferred_username: john });
  });

  it("under Passwordless, by a choice between devices that are told apart by type alone", async () => {
    const { username, devices } = people.twoDevices;
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    const looked = await client.step("lookup", { username });
    expect(looked.body).toMatchObject({ status: "DEVICE_SELECTION_REQUIRED", next: ["device"] });
    expect(looked.body.devices).toEqual(devices.map(({ id, type }) => ({ id, type })));
    const chosen = await client.step("device", { deviceId: devices[1].id });
    expect(chosen.body.devices).toBeUndefined();
    await client.step("device", { deviceId: String(chosen.body["selectedDevice"]) });
    expect(product.simulator.inbox.latest(username)?.deviceId).toBe(devices[1].id);
    await client.step("otp", { otp: product.code(username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("by a push, and by a hint", async () => {
    const { username } = people.push;
    const pushed = product.client();
    await pushed.start({ policy: "Passwordless", loginHint: username });
    await approvePush(username);
    const polled = await pushed.status();
    pushed.token = polled.body.flowToken ?? "";
    expect(await product.finish(pushed)).toMatchObject({ preferred_username: username });
    const hinted = product.client();
    await hinted.start({ policy: "Passwordless", loginHint: john });
    await hinted.step("otp", { otp: product.code(john) });
    expect(await product.finish(hinted)).toMatchObject({ preferred_username: john });
  });
});

describe("with minimal disclosure, a start with an ID token", () => {
  it("shows nobody's devices, and ends in tokens all the same", async () => {
    const { username, password } = people.smsOtp;
    const signedOn = product.client();
    await signedOn.start({ application: "web", policy: "Single_Factor" });
    await signedOn.step("password", { username, password });
    const { id_token: idToken = "" } = (await tokensFor(signedOn)).body;
    const client = product.client();
    const { body } = await client.start({ application: "web", idToken });
    expect(body).toMatchObject({ status: "OTP_REQUIRED", selectedDevice: chosenDevice });
    expect([body["devices"], body["otpLength"]]).toEqual([undefined, undefined]);
    await client.step("otp", { otp: product.code(username) });
    expect((await tokensFor(client)).body.id_token).toMatch(/^ey/);
  });

  async function tokensFor(client: FlowClient): Promise<ApiReply> {
    await client.step("resume");
    return client.step("token", { codeVerifier: client.pkce.verifier });
  }
});
