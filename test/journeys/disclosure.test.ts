import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import type { ApiReply, FlowClient } from "../support/flow-client.ts";
import { likenessOf } from "../support/likeness.ts";
import { createProduct, type Product } from "../support/product.ts";

/** Longer than any lock of the stand-in's that has an end. */
const lockedMs = 11 * 60_000;
const nobody = "nobody@example.com";
const { username: john } = people.emailOtp;
const foreign = "00000000-0000-4000-8000-000000000001";

let product: Product;
beforeAll(async () => {
  product = await createProduct({ DISCLOSURE: "minimal" }, { switches: { cookiesAt: "authorize" } });
});
afterEach(() => {
  product.simulator.faults.clear();
  product.clock.advance(lockedMs);
});
afterAll(() => product.close());

/** What somebody does about a name, each reply in turn. */
type Script = (client: FlowClient, username: string) => AsyncGenerator<ApiReply>;

async function seen(script: Script, username: string): Promise<readonly string[]> {
  const replies: string[] = [];
  for await (const reply of script(product.client(), username)) replies.push(likenessOf(reply));
  product.clock.advance(lockedMs);
  return replies;
}

/** What the one who signs on sees, once for each script. */
const known = (script: Script) => {
  let replies: Promise<readonly string[]> | undefined;
  return () => {
    replies ??= seen(script, john);
    return replies;
  };
};

const lookUp: Script = async function* (client, username) {
  await client.start({ policy: "Passwordless" });
  yield client.step("lookup", { username });
};
const hint: Script = async function* (client, username) {
  yield client.start({ policy: "Passwordless", loginHint: username });
};
const again = (client: FlowClient, { body }: ApiReply) =>
  client.step("device", { deviceId: String(body["selectedDevice"]) });

/** Everything that can be asked of a flow by who can't prove themselves. */
const everything = (begin: Script): Script =>
  async function* (client, username) {
    let begun: ApiReply | undefined;
    for await (const reply of begin(client, username)) begun = reply;
    if (begun === undefined) throw new Error("Nothing was answered.");
    yield begun;
    yield client.status();
    yield again(client, begun);
    yield client.step("device", { deviceId: foreign });
    for (const otp of ["000000", "1234", "000001"]) yield client.step("otp", { otp });
    // By now a device that there is has cooled down.
    yield again(client, begun);
    yield client.step("otp", { otp: "000002" });
    yield client.step("lookup", { username });
    yield client.step("resume");
    yield client.step("otp", { otp: "000003" });
    yield client.step("otp", { otp: "000004" });
    yield client.status();
    yield again(client, begun);
    yield client.cancel();
  };

const johnLookedUp = known(everything(lookUp));
const johnHinted = known(everything(hint));

/** Whom a passwordless policy signs nobody on as, and why. */
const refused: readonly (readonly [why: string, username: string])[] = [
  ["nobody has", nobody],
  ["is disabled", people.disabled.username],
  ["has no device", people.passwordOnly.username],
  ["has no device that works", people.noUsableDevice.username],
  ["is locked and has no device", people.lockedTimed.username],
];

describe("with minimal disclosure, without a password,", () => {
  it.each(refused)(
    "a name that %s is answered as one that signs on, to the last step",
    async (_, username) => {
      const known = await johnLookedUp();
      expect(await seen(everything(lookUp), username)).toEqual(known);
      expect(known[0]).toContain('"status":"OTP_REQUIRED","next":["otp","device"],"expiresAt"');
      expect(known.filter((reply) => reply.includes("otp-rejected"))).toHaveLength(5);
      expect(known.filter((reply) => reply.includes("attempts-exhausted"))).toHaveLength(2);
    },
  );

  it.each(refused)("a hint at a name that %s is as well", async (_, username) => {
    expect(await seen(everything(hint), username)).toEqual(await johnHinted());
  });

  it("a name that PingOne says is locked goes on like any other", async () => {
    const body = { code: "INVALID_DATA", details: [{ code: "PASSWORD_LOCKED_OUT" }] };
    const locked = { kind: "reply", status: 400, body, applied: false } as const;
    const known = [await seen(lookUp, john), await seen(hint, john)];
    product.simulator.faults.script({ on: "user.lookup", ...locked });
    const looked = await seen(lookUp, john);
    product.simulator.faults.script({ on: "authorize", ...locked });
    expect([looked, await seen(hint, john)]).toEqual(known);
  });

  it("a device is shown by one id, whosever and however their name is spelled", async () => {
    const devices: unknown[] = [];
    for (const loginHint of [john, john.toUpperCase(), `${john} `, "ｊohn@example.com", nobody]) {
      const started = await product.client().start({ policy: "Passwordless", loginHint });
      devices.push(started.body["selectedDevice"]);
    }
    expect(new Set(devices).size).toBe(1);
    expect(devices[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("every step of a decoy costs PingOne one call, which brings it nothing of the person's", async () => {
    const client = product.client();
    const started = await client.start({ policy: "Passwordless", loginHint: nobody });
    const before = product.simulator.calls.length;
    await again(client, started);
    await client.step("otp", { otp: "000000" });
    await client.status();
    const calls = product.simulator.calls.slice(before);
    expect(calls.map(({ action }) => action)).toEqual(["read", "read"]);
    expect(new Set(calls.map(({ flowId }) => flowId)).size).toBe(1);
  });

  it("a row looks like another's", async () => {
    const rows: unknown[] = [];
    for (const username of [john, nobody]) {
      const client = product.client();
      await client.start({ policy: "Passwordless" });
      await client.step("lookup", { username });
      await client.step("otp", { otp: "000000" });
      const { deadline, ttl, ...row } = (await product.rowOf(client.flowId)) ?? {};
      const life = Number(deadline) - product.clock.now();
      rows.push(masked({ ...row, life, late: Number(ttl) * 1000 - Number(deadline) }));
    }
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[0]).toMatchObject({ status: "OTP_REQUIRED", view: { selectedDevice: "string of 36" } });
  });

  it("a repetition finds the same bytes, and another request doesn't", async () => {
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    const { token } = client;
    const answered = await client.step("lookup", { username: nobody });
    expect((await client.step("lookup", { username: nobody }, token)).text).toBe(answered.text);
    const other = await client.step("lookup", { username: john }, token);
    expect(other.body).toMatchObject({ error: "token-superseded" });
  });

  it("a flow that PingOne ends, or forgets, over wrong codes becomes a decoy", async () => {
    const known = await johnLookedUp();
    const failed = { on: "otp.check", kind: "failed", code: "TOO_MANY" } as const;
    product.simulator.faults.script(failed);
    expect(await johnLookedUp()).toEqual(known);
    product.simulator.faults.script({ on: "otp.check", kind: "status", status: 404 });
    expect(await johnLookedUp()).toEqual(known);
    product.simulator.faults.script({ ...failed, on: "device.select" });
    expect(await johnLookedUp()).toEqual(known);
  });
});

const otpIn = (fault: Fault): Script =>
  async function* (client, username) {
    await client.start({ policy: "Passwordless", loginHint: username });
    product.simulator.faults.script(fault);
    yield client.step("otp", { otp: "000000" });
    const settled = await client.status();
    yield settled;
    client.token = settled.body.flowToken ?? client.token;
    yield client.step("otp", { otp: "000001" });
  };

describe("with minimal disclosure, a decoy meets what a flow meets:", () => {
  it.each<[string, Fault, string]>([
    ["an outage that may have acted", { on: "any", kind: "status", status: 500 }, "outcome-unknown"],
    ["a broken connection", { on: "any", kind: "reset", applied: false }, "outcome-unknown"],
    ["a refusal that tells nothing", { on: "any", kind: "status", status: 409 }, "outcome-unknown"],
    ["a call that is turned away unread", { on: "any", kind: "status", status: 403 }, "upstream-unavailable"],
    ["PingOne's own limit", { on: "any", kind: "status", status: 429, retryAfter: 3 }, "rate-limited"],
  ])("%s", async (_, fault, code) => {
    const known = await seen(otpIn(fault), john);
    expect(known[0]).toContain(code);
    expect(await seen(otpIn(fault), nobody)).toEqual(known);
  });

  it("a lookup in doubt is settled in the same shape, and tells nobody's fate", async () => {
    const settled: Script = async function* (client, username) {
      await client.start({ policy: "Passwordless" });
      product.simulator.faults.script({ on: "user.lookup", kind: "reset", applied: true });
      await client.step("lookup", { username });
      const reply = await client.status();
      yield reply;
      client.token = reply.body.flowToken ?? client.token;
      yield client.step("lookup", { username });
    };
    const [shown] = await seen(settled, john);
    expect(shown).toContain('"status":"OTP_REQUIRED","next":["otp","device"]');
    expect(shown).not.toMatch(/devices|otpLength/);
    // PingOne itself shows these two where they were before.
    const known = await seen(settled, nobody);
    expect(known[0]).toContain("no-progress");
    expect(await seen(settled, people.passwordOnly.username)).toEqual(known);
  });
});

/** Every value by its kind and length, save words of ours. */
function masked(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes of ${value.length}`;
  if (typeof value === "string") return /^[A-Z_a-z]{1,20}$/.test(value) ? value : `string of ${value.length}`;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member)]));
}
