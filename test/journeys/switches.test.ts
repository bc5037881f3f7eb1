import { describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import type { Switches } from "../simulator/switches.ts";
import type { ApiReply } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

/** Every value of every switch that is not the default, and each with cookies that change at every answer. */
const worlds: readonly Partial<Switches>[] = [
  {},
  { flowsBearer: "ignored" },
  { acceptJsonOnly: "accepted" },
  { cookiesAt: "authorize" },
  { rotateST: true },
  { cookiesAt: "authorize", rotateST: true },
  { resumeAnswer: "200" },
  { resumeAnswer: "302" },
  { badPassword: "400-invalid-credentials" },
  { badPassword: "200-with-error" },
  { badPassword: "200-with-error", cookiesAt: "authorize", rotateST: true },
  { shapes: "2021" },
  { pushDenial: "PUSH_CONFIRMATION_TIMED_OUT" },
  { unfinishedResume: "404" },
  { lockedTells: false },
  { reasonsIn: "body-4xx" },
  { reasonsIn: "open-200" },
  { repeatST: true },
];

async function inWorld(
  switches: Partial<Switches>,
  visit: (product: Product) => Promise<void>,
): Promise<void> {
  const product = await createProduct({}, { switches });
  try {
    await visit(product);
  } finally {
    await product.close();
  }
}

describe("a sign-on in a world where", () => {
  it.each(worlds.map((world) => [JSON.stringify(world), world] as const))(
    "%s: a wrong password is rejected by name, and the second factor completes",
    async (_, switches) => {
      await inWorld(switches, async (product) => {
        const { username, password } = people.smsOtp;
        const client = product.client();
        await client.start({ policy: "Multi_Factor" });
        const wrong = await client.step("password", { username, password: "wrong" });
        expect([wrong.http, wrong.body.error]).toEqual([422, "credentials-rejected"]);
        expect((await client.step("password", { username, password })).body).toMatchObject({
          status: "OTP_REQUIRED",
        });
        const mistyped = await client.step("otp", { otp: "000000" });
        expect([mistyped.http, mistyped.body.error]).toEqual([422, "otp-rejected"]);
        await client.step("device", { deviceId: people.smsOtp.devices[0].id });
        await client.step("otp", { otp: product.code(username) });
        expect(await product.finish(client)).toMatchObject({ preferred_username: username });
      });
    },
  );

  it("PingOne demands a bearer token on /flows: the step is refused by name, and nothing is spent", async () => {
    await inWorld({ flowsBearer: "required" }, async (product) => {
      const client = product.client();
      await client.start();
      const { username, password } = people.passwordOnly;
      const reply: ApiReply = await client.step("password", { username, password });
      expect(reply.http).toBe(503);
      expect(reply.body).toMatchObject({ error: "upstream-unavailable", attemptCounted: false });
      expect(product.log.at(-1)).toMatchObject({ upstreamStatus: 401 });
    });
  });

  it("PingOne answers as in 2018: the code is confirmed by reading the flow, with the cookies that were kept", async () => {
    await inWorld({ shapes: "2018" }, async (product) => {
      const { username } = people.emailOtp;
      const client = product.client();
      await client.start({ policy: "Passwordless" });
      await client.step("lookup", { username });
      const reply = await client.step("otp", { otp: product.code(username) });
      expect(reply.body).toMatchObject({ error: "outcome-unknown" });
      const settled = await client.status();
      expect(settled.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
      client.token = settled.body.flowToken ?? "";
      expect(await product.finish(client)).toMatchObject({ preferred_username: username });
    });
  });

  it("no `Authorization` and no redirect ever leaves us", async () => {
    await inWorld({ resumeAnswer: "302" }, async (product) => {
      const { username, password } = people.passwordOnly;
      const client = product.client();
      await client.start();
      await client.step("password", { username, password });
      await client.step("resume");
      expect(product.simulator.calls.map(({ action }) => action)).toEqual([
        "authorize",
        "usernamePassword.check",
        "resume",
      ]);
      expect(product.simulator.calls.map(({ headers }) => headers["authorization"])).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });
  });
});
