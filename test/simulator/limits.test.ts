import { describe, expect, it } from "vitest";
import { OTP_COOL_DOWN_MS, PASSWORD_ATTEMPTS, PASSWORD_LOCKOUT_MS } from "./accounts.ts";
import { FLOW_IDLE_MS } from "./flow.ts";
import { people } from "./people.ts";
import { OTP_LIFE_MS } from "./steps.ts";
import { createClient, detailOf, launch } from "./test-client.ts";

const wrongOtp = (code: string) => (code === "000000" ? "111111" : "000000");

describe("a flow's life", () => {
  it("slides with each successful call and ends in 404", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    await client.start("Single_Factor");
    clock.advance(FLOW_IDLE_MS - 1);
    expect((await client.read()).body.expiresAt).toBe("2026-01-05T09:29:59.999Z");
    clock.advance(FLOW_IDLE_MS - 1);
    const refused = await client.password(people.passwordOnly, "wrong");
    expect(refused.status).toBe(400);
    clock.advance(1);
    const gone = await client.read();
    expect(gone.status).toBe(404);
    expect(gone.body.code).toBe("NOT_FOUND");
    expect((await client.password(people.passwordOnly)).status).toBe(404);
    expect((await client.resume()).status).toBe(404);
  });
});

describe("password lockout", () => {
  it("belongs to the user, is told in seconds, and ends by the clock", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    for (let attempt = 0; attempt < PASSWORD_ATTEMPTS; attempt += 1) {
      await client.start("Single_Factor");
      expect(detailOf(await client.password(people.passwordOnly, "wrong"))).toMatchObject({
        code: "INVALID_VALUE",
        target: "username",
      });
    }
    clock.advance(1500);
    const locked = await client.password(people.passwordOnly);
    expect(locked.status).toBe(400);
    expect(detailOf(locked)).toMatchObject({
      code: "PASSWORD_LOCKED_OUT",
      innerError: { secondsUntilUnlock: PASSWORD_LOCKOUT_MS / 1000 - 1 },
    });
    clock.advance(PASSWORD_LOCKOUT_MS - 1500);
    expect((await client.password(people.passwordOnly)).body.status).toBe("COMPLETED");
  });

  it("starts counting anew after a success and after time", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    const miss = async (times: number) => {
      for (let attempt = 0; attempt < times; attempt += 1) {
        await client.password(people.passwordOnly, "wrong");
      }
    };
    await client.start("Single_Factor");
    await miss(PASSWORD_ATTEMPTS - 1);
    clock.advance(PASSWORD_LOCKOUT_MS);
    await miss(PASSWORD_ATTEMPTS - 1);
    expect((await client.password(people.passwordOnly)).body.status).toBe("COMPLETED");
    await client.start("Single_Factor", { prompt: "login" });
    await miss(PASSWORD_ATTEMPTS - 1);
    expect((await client.password(people.passwordOnly)).body.status).toBe("COMPLETED");
  });

  it("ends for the seeded person too", async () => {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    clock.advance(3_600_000);
    await client.start("Single_Factor");
    expect((await client.password(people.lockedTimed)).body.status).toBe("COMPLETED");
  });
});

describe("one-time passcodes", () => {
  async function asked() {
    const { simulator, clock } = await launch();
    const client = createClient(simulator);
    await client.start("Passwordless");
    await client.lookup(people.emailOtp);
    return { simulator, clock, client, code: client.newestCode(people.emailOtp) };
  }

  it("count down, then cool the device down across flows, then work again", async () => {
    const { simulator, clock, client, code } = await asked();
    const left = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const detail = detailOf(await client.otp(wrongOtp(code)));
      expect(detail).toMatchObject({ code: "INVALID_OTP", target: "otp" });
      left.push(detail?.innerError);
    }
    expect(left).toEqual([2, 1, 0].map((attemptsRemaining) => ({ attemptsRemaining })));
    const coolDownExpiresAt = clock.now() + OTP_COOL_DOWN_MS;
    expect(detailOf(await client.otp(code))).toMatchObject({
      code: "QUOTA_EXCEEDED",
      innerError: { coolDownExpiresAt },
    });
    const deviceId = people.emailOtp.devices[0]?.id ?? "";
    expect(detailOf(await client.device(deviceId))?.code).toBe("QUOTA_EXCEEDED");

    const other = createClient(simulator);
    await other.start("Passwordless");
    expect((await other.lookup(people.emailOtp)).body._embedded?.devices?.[0]).toMatchObject({
      usableStatus: { status: "LOCKED" },
    });
    expect(simulator.inbox.all()).toHaveLength(1);
    expect(detailOf(await other.otp(code))?.code).toBe("QUOTA_EXCEEDED");

    clock.advance(OTP_COOL_DOWN_MS);
    await other.device(deviceId);
    expect((await other.otp(other.newestCode(people.emailOtp))).body.status).toBe("COMPLETED");
    expect((await client.otp(code)).body.status).toBe("COMPLETED");
  });

  it("forget failures after a success", async () => {
    const { client, code } = await asked();
    await client.otp(wrongOtp(code));
    await client.otp(code);
    await client.start("Passwordless", { prompt: "login" });
    await client.lookup(people.emailOtp);
    expect(detailOf(await client.otp(wrongOtp(client.newestCode(people.emailOtp))))?.innerError).toEqual({
      attemptsRemaining: 2,
    });
  });

  it("outlive the idle limit of the flow, but not 30 minutes", async () => {
    const { client, clock, code } = await asked();
    for (const _poll of [1, 2, 3]) {
      clock.advance(OTP_LIFE_MS / 3);
      await client.read();
    }
    expect(detailOf(await client.otp(code))?.code).toBe("INVALID_OTP");
  });

  it("are told to the caller's hook", async () => {
    const heard: string[] = [];
    const { simulator } = await launch({ onCode: ({ username, code }) => heard.push(username, code) });
    const client = createClient(simulator);
    await client.start("Passwordless");
    await client.lookup(people.emailOtp);
    expect(heard).toEqual([people.emailOtp.username, client.newestCode(people.emailOtp)]);
  });
});
