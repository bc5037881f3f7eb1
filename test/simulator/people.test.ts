import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import { PUSH_LIFE_MS } from "./steps.ts";
import { createClient, detailOf, launch } from "./test-client.ts";

describe("people", () => {
  it("have unique names and ids, all at example.com", () => {
    const all = Object.values(people);
    expect(new Set(all.map(({ username }) => username)).size).toBe(all.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.every(({ username }) => username.endsWith("@example.com"))).toBe(true);
  });

  it("can have doubles, whose locks, passwords and devices are their own", async () => {
    const { simulator } = await launch();
    const [one, other] = [simulator.enrol(people.twoDevices), simulator.enrol(people.twoDevices)];
    const doubles = [people.twoDevices, one, other];
    expect(new Set(doubles.map(({ username }) => username)).size).toBe(3);
    expect(new Set(doubles.flatMap(({ devices }) => devices.map(({ id }) => id))).size).toBe(6);
    const client = createClient(simulator);
    await client.start("Multi_Factor");
    for (let tries = 0; tries < 5; tries += 1) await client.password(one, "wrong");
    expect(detailOf(await client.password(one))?.code).toBe("PASSWORD_LOCKED_OUT");
    expect((await client.password(other)).body).toMatchObject({
      status: "DEVICE_SELECTION_REQUIRED",
      _embedded: { user: { id: other.id }, devices: other.devices.map(({ id }) => ({ id })) },
    });
  });

  it.each([
    ["passwordOnly", people.passwordOnly, { status: "FAILED", error: { code: "MFA_DISABLED" } }],
    [
      "noUsableDevice",
      people.noUsableDevice,
      {
        status: "FAILED",
        error: {
          code: "NO_USABLE_DEVICES",
          unavailableDevices: [{ id: people.noUsableDevice.devices[0]?.id }],
        },
      },
    ],
    ["emailOtp", people.emailOtp, { status: "OTP_REQUIRED" }],
    ["smsOtp", people.smsOtp, { status: "OTP_REQUIRED" }],
    ["twoDevices", people.twoDevices, { status: "DEVICE_SELECTION_REQUIRED" }],
    ["push", people.push, { status: "PUSH_CONFIRMATION_REQUIRED" }],
    ["passwordExpired", people.passwordExpired, { status: "PASSWORD_EXPIRED" }],
    ["temporaryPassword", people.temporaryPassword, { status: "MUST_CHANGE_PASSWORD" }],
  ])("%s, under Multi_Factor, is a 200", async (_scenario, person, expected) => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Multi_Factor");
    const reply = await client.password(person);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject(expected);
  });

  it.each([
    [
      "lockedTimed",
      people.lockedTimed,
      { code: "PASSWORD_LOCKED_OUT", innerError: { secondsUntilUnlock: 3600 } },
    ],
    ["disabled", people.disabled, { code: "ACCOUNT_NOT_USABLE" }],
    ["noPassword", people.noPassword, { code: "NO_PASSWORD" }],
  ])("%s is refused with its code", async (_scenario, person, expected) => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Single_Factor");
    const reply = await client.password(person);
    expect(reply.status).toBe(400);
    expect(detailOf(reply)).toMatchObject(expected);
  });

  it("lockedForever names no end, and time does not help", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    clock.advance(365 * 24 * 3_600_000);
    await client.start("Single_Factor");
    const detail = detailOf(await client.password(people.lockedForever));
    expect(detail?.code).toBe("PASSWORD_LOCKED_OUT");
    expect(detail).not.toHaveProperty("innerError");
  });

  it("disabled is refused at lookup under Passwordless", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Passwordless");
    expect(detailOf(await client.lookup(people.disabled))?.code).toBe("ACCOUNT_NOT_USABLE");
  });
});

describe("password.reset", () => {
  it.each([people.passwordExpired, people.temporaryPassword])(
    "lets $username choose a new password and go on",
    async (person) => {
      const { simulator } = await launch();
      const client = createClient(simulator);
      await client.start("Single_Factor");
      const current = person.password;
      await client.password(person);
      const change = (currentPassword: string, newPassword: string) =>
        client.act("password.reset", { currentPassword, newPassword });
      expect(detailOf(await change("wrong", "Quiet-Meadow-77"))?.target).toBe("currentPassword");
      expect(detailOf(await change(current, current))).toMatchObject({
        target: "newPassword",
        innerError: { unsatisfiedRequirements: ["history"] },
      });
      expect((await change(current, "Quiet-Meadow-77")).body.status).toBe("COMPLETED");
      await client.start("Single_Factor", { prompt: "login" });
      expect((await client.password(person)).status).toBe(400);
      expect((await client.password(person, "Quiet-Meadow-77")).body.status).toBe("COMPLETED");
    },
  );
});

describe("device.select", () => {
  it("sends a code to the chosen device, and a new one voids the old", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Passwordless");
    const choice = await client.lookup(people.twoDevices);
    expect(choice.body).not.toHaveProperty("selectedDevice");
    expect(simulator.inbox.all()).toEqual([]);
    const [email, sms] = people.twoDevices.devices;
    expect((await client.device(email?.id ?? "")).body["selectedDevice"]).toEqual({ id: email?.id });
    const old = client.newestCode(people.twoDevices);
    await client.device(sms?.id ?? "");
    expect(simulator.inbox.latest(people.twoDevices.username)).toMatchObject({
      channel: "SMS",
      to: "+15550100045",
      deviceId: sms?.id,
      flowId: client.state.flowId,
    });
    const fresh = client.newestCode(people.twoDevices);
    if (old !== fresh) expect(detailOf(await client.otp(old))?.code).toBe("INVALID_OTP");
    expect((await client.otp(fresh)).body.status).toBe("COMPLETED");
  });

  it("refuses a device that is not the person's or not usable", async () => {
    const { simulator } = await launch();
    const client = createClient(simulator);
    await client.start("Passwordless");
    await client.lookup(people.twoDevices);
    const reply = await client.device(people.emailOtp.devices[0]?.id ?? "");
    expect(reply.status).toBe(400);
    expect(detailOf(reply)).toMatchObject({ code: "INVALID_VALUE", target: "device.id" });
  });
});

describe("push", () => {
  async function pushed(switches = {}) {
    const { simulator, clock } = await launch({ switches });
    const client = createClient(simulator);
    await client.start("Passwordless");
    expect((await client.lookup(people.push)).body.status).toBe("PUSH_CONFIRMATION_REQUIRED");
    const answer = (value: string) =>
      fetch(`${simulator.origin}/_simulator/push/${client.state.flowId}`, {
        method: "POST",
        body: JSON.stringify({ answer: value }),
      });
    return { simulator, clock, client, answer };
  }

  it("shows an approval, with the cookies, to the first read after it", async () => {
    const { client, answer } = await pushed();
    expect((await client.read()).body.status).toBe("PUSH_CONFIRMATION_REQUIRED");
    expect((await answer("approve")).status).toBe(200);
    const seen = await client.read();
    expect(seen.body.status).toBe("COMPLETED");
    expect(seen.headers.getSetCookie()).toHaveLength(2);
    expect((await client.read()).headers.getSetCookie()).toEqual([]);
    expect((await client.resume()).status).toBe(200);
    expect((await answer("approve")).status).toBe(400);
  });

  it("shows a denial as the switch has it", async () => {
    const denied = await pushed();
    await denied.answer("deny");
    expect((await denied.client.read()).body).toMatchObject({
      status: "FAILED",
      error: { code: "PUSH_DENIED" },
    });
    const timed = await pushed({ pushDenial: "PUSH_CONFIRMATION_TIMED_OUT" });
    await timed.answer("deny");
    expect((await timed.client.read()).body.status).toBe("PUSH_CONFIRMATION_TIMED_OUT");
  });

  it("times out by hook or by clock, and can be sent again", async () => {
    const { client, clock, answer } = await pushed();
    await answer("timeout");
    expect((await client.read()).body.status).toBe("PUSH_CONFIRMATION_TIMED_OUT");
    const again = await client.device(people.push.devices[0]?.id ?? "");
    expect(again.body.status).toBe("PUSH_CONFIRMATION_REQUIRED");
    clock.advance(PUSH_LIFE_MS);
    expect((await client.read()).body.status).toBe("PUSH_CONFIRMATION_TIMED_OUT");
  });
});
