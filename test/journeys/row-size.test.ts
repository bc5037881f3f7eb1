import { expect, it } from "vitest";
import * as z from "zod";
import { people } from "../simulator/people.ts";
import { createProduct } from "../support/product.ts";

const Sealed = z.object({ sealed: z.instanceof(Uint8Array) });
/** Salt, nonce and tag. */
const sealBytes = 16 + 12 + 16;

/** Everything that a row may hold at its largest, in bytes. */
function sizesOf({ jar, previous, ...rest }: Readonly<Record<string, unknown>> = {}) {
  return {
    jar: Sealed.parse(jar).sealed.length,
    reply: previous === undefined ? 0 : z.object({ reply: Sealed }).parse(previous).reply.sealed.length,
    rest: Buffer.byteLength(JSON.stringify(rest)),
  };
}

it.each([
  ["hints", 2_000],
  ["minimal", 0],
] as const)(
  "a row has no more than 3 KB beside what is sealed in it, a jar 4 KB, whatever PingOne sends, with %s",
  async (disclosure, leastRest) => {
    const product = await createProduct({ DISCLOSURE: disclosure });
    try {
      const longest = '"'.repeat(128);
      const flow = (status: string, more: object) => ({ id: longest, status, _links: {}, ...more });
      const device = { id: longest, type: "X".repeat(64), email: "\u{1f600}".repeat(128) };
      const devices = [
        ...Array.from({ length: 3 }, () => device),
        ...Array.from({ length: 40 }, () => ({ ...device, email: "x" })),
      ];
      // Twenty that come as close to their bound as twenty can.
      const cookies = Array.from({ length: 20 }, (_, index): [string, string] => [
        "Set-Cookie",
        `c${index}=${"v".repeat(index < 10 ? 73 : 72)}; Path=/; Max-Age=99999999999`,
      ]);
      const client = product.client();
      // Whose jar keeps the cookies to the end.
      await client.start({ application: "office", policy: "Passwordless", nonce: '"'.repeat(256) });
      const answer = (on: "otp.check" | "user.lookup", body: Record<string, unknown>) =>
        product.simulator.faults.script({ on, kind: "reply", status: 200, headers: cookies, body });
      const details = { selectedDevice: { id: longest }, otpLength: 6, _embedded: { devices } };
      answer(
        "user.lookup",
        flow("OTP_REQUIRED", { ...details, _links: { "otp.check": {}, "device.select": {} } }),
      );
      expect((await client.step("lookup", { username: people.emailOtp.username })).http).toBe(200);
      const open = sizesOf(await product.rowOf(client.flowId));
      expect(open.jar - sealBytes).toBeGreaterThan(3_500);
      expect(open.jar - sealBytes).toBeLessThanOrEqual(4096);
      expect(open.rest).toBeGreaterThan(leastRest);
      expect(open.rest).toBeLessThanOrEqual(3 * 1024);
      expect(open.reply).toBeLessThanOrEqual(3 * 1024);

      answer("otp.check", flow("COMPLETED", {}));
      expect((await client.step("otp", { otp: "123456" })).http).toBe(200);
      const state = new URLSearchParams(product.simulator.calls[0]?.body).get("state");
      const authorizeResponse = { code: '"'.repeat(512), state };
      product.simulator.faults.script({
        on: "resume",
        kind: "reply",
        status: 200,
        body: { authorizeResponse },
      });
      expect((await client.step("resume")).http).toBe(200);
      const resumed = sizesOf(await product.rowOf(client.flowId));
      expect(resumed.jar - sealBytes).toBeGreaterThan(3_500);
      expect(resumed.jar - sealBytes).toBeLessThanOrEqual(4096);
      expect(resumed.rest).toBeLessThanOrEqual(3 * 1024);
    } finally {
      await product.close();
    }
  },
);
