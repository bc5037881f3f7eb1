import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, people } from "../simulator/people.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product.close());

async function atCode({ username }: Person) {
  const client = product.client();
  await client.start({ policy: "Passwordless" });
  return { client, reply: await client.step("lookup", { username }) };
}

const sent = ({ username }: Person) =>
  product.simulator.inbox.all().filter((message) => message.username === username);

describe("a device that shows its code", () => {
  it.each([
    ["TOTP", people.authenticator],
    ["MOBILE without push", people.mobileCode],
  ])("signs on, and says that choosing it again sends nothing: %s", async (_, who) => {
    const { client, reply } = await atCode(who);
    expect(reply.body).toMatchObject({ status: "OTP_REQUIRED", resend: false, next: ["otp", "device"] });
    const again = await client.step("device", { deviceId: who.devices[0]?.id ?? "" });
    expect(again.body).toMatchObject({ status: "OTP_REQUIRED", resend: false });
    expect((await client.status()).body).toMatchObject({ resend: false });
    expect(sent(who)).toEqual([]);
    expect((await client.step("otp", { otp: "000000" })).body).toMatchObject({
      ...{ error: "otp-rejected", flow: { resend: false } },
    });
    await client.step("otp", { otp: product.code(who.username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: who.username });
  });
});

describe("a device that is sent its code", () => {
  it.each([
    ["VOICE", people.voice, "*******31"],
    ["WHATSAPP", people.whatsApp, "*******32"],
    ["SMS", people.smsOtp, "*******01"],
  ])("signs on, and can be sent another: %s", async (type, who, hint) => {
    const { client, reply } = await atCode(who);
    expect(reply.body).toMatchObject({ status: "OTP_REQUIRED", devices: [{ type, hint }] });
    expect(reply.body).not.toHaveProperty("resend");
    const before = sent(who).length;
    await client.step("device", { deviceId: who.devices[0]?.id ?? "" });
    expect(sent(who).slice(before)).toMatchObject([{ channel: type }]);
    await client.step("otp", { otp: product.code(who.username) });
    expect(await product.finish(client)).toMatchObject({ preferred_username: who.username });
  });
});
