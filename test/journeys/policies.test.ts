import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { faultsIn } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

describe("a sign-on", () => {
  it("goes by password alone", async () => {
    const { username, password } = people.passwordOnly;
    const client = product.client();
    expect((await client.start({ policy: "Single_Factor" })).body).toMatchObject({
      status: "USERNAME_PASSWORD_REQUIRED",
      next: ["password", "reset"],
    });
    expect((await client.step("password", { username, password })).body).toMatchObject({
      status: "COMPLETED",
      next: ["resume"],
    });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username, amr: ["pwd"] });
  });

  it("goes by password and a code by SMS", async () => {
    const { username, password, devices } = people.smsOtp;
    const client = product.client();
    await client.start({ policy: "Multi_Factor" });
    expect((await client.step("password", { username, password })).body).toMatchObject({
      status: "OTP_REQUIRED",
      next: ["otp", "device"],
      otpLength: 6,
      selectedDevice: devices[0].id,
      devices: [{ id: devices[0].id, type: "SMS", hint: "*******01" }],
    });
    await client.step("otp", { otp: product.code(username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("goes by password, a choice between two devices, and the code that was sent last", async () => {
    const { username, password, devices } = people.twoDevices;
    const client = product.client();
    await client.start({ policy: "Multi_Factor" });
    const chosen = await client.step("password", { username, password });
    expect(chosen.body).toMatchObject({ status: "DEVICE_SELECTION_REQUIRED", next: ["device"] });
    expect(chosen.body.devices).toHaveLength(2);
    await client.step("device", { deviceId: devices[1].id });
    const first = product.code(username);
    const resent = await client.step("device", { deviceId: devices[1].id });
    expect(resent.body).toMatchObject({ status: "OTP_REQUIRED", selectedDevice: devices[1].id });
    expect(product.code(username)).not.toBe(first);
    expect((await client.step("otp", { otp: first })).body).toMatchObject({ error: "otp-rejected" });
    await client.step("otp", { otp: product.code(username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("goes without a password: lookup, then a code by mail", async () => {
    const { username } = people.emailOtp;
    const client = product.client();
    expect((await client.start({ policy: "Passwordless" })).body).toMatchObject({
      status: "SIGN_ON_REQUIRED",
      next: ["lookup"],
    });
    expect((await client.step("lookup", { username })).body).toMatchObject({
      status: "OTP_REQUIRED",
      devices: [{ type: "EMAIL", hint: "jo****@example.com" }],
    });
    await client.step("otp", { otp: product.code(username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("goes by the name first, then the password", async () => {
    const { username, password } = people.passwordOnly;
    const client = product.client();
    await client.start({ policy: "Identifier_First" });
    expect((await client.step("lookup", { username })).body).toMatchObject({
      status: "PASSWORD_REQUIRED",
      next: ["password", "reset"],
    });
    await client.step("password", { username, password });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("begins with a code sent at once when the name is hinted", async () => {
    const { username } = people.emailOtp;
    const client = product.client();
    const started = await client.start({ policy: "Passwordless", loginHint: username });
    expect(started.body).toMatchObject({ status: "OTP_REQUIRED", next: ["otp", "device"] });
    await client.step("otp", { otp: product.code(username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it("carries the client's own nonce into the ID token, or ours back to the client", async () => {
    const { username, password } = people.passwordOnly;
    const given = product.client();
    await given.start({ nonce: "n-0S6_WzA2Mj" });
    await given.step("password", { username, password });
    expect(await product.finish(given)).toMatchObject({ nonce: "n-0S6_WzA2Mj" });
    const drawn = product.client();
    await drawn.start();
    await drawn.step("password", { username, password });
    const resumed = await drawn.step("resume");
    expect(resumed.body.nonce).toMatch(/^[\w-]{43}$/);
    expect(await product.redeem(drawn, resumed)).toMatchObject({ nonce: resumed.body.nonce });
  });
});

describe("POST /flows", () => {
  it("answers 201, and tells PingOne what the person's device is", async () => {
    const client = product.client();
    const before = product.simulator.calls.length;
    const started = await client.start();
    expect(started.http).toBe(201);
    expect(started.headers.get("location")).toBeNull();
    expect(client.flowId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(client.token).toMatch(/^[\w-]{43}$/);
    const calls = product.simulator.calls.slice(before);
    expect(calls.map(({ action }) => action)).toEqual(["authorize"]);
    expect(calls[0]?.headers["user-agent"]).toBe("node");
  });

  it("refuses an application and a policy that are not on the list, and asks PingOne nothing", async () => {
    const before = product.simulator.calls.length;
    const other = await product.client().start({ application: "elsewhere" });
    const policy = await product.client().start({ policy: "Everybody" });
    expect([other.body.error, faultsIn(other)]).toEqual(["request-invalid", ["application unknown"]]);
    expect([policy.body.error, faultsIn(policy)]).toEqual(["request-invalid", ["policy unknown"]]);
    expect(product.simulator.calls).toHaveLength(before);
  });
});
