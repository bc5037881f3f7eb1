import { describe, expect, it } from "vitest";
import type { Answer, KeptReply } from "../../lib/flow/reply.ts";
import { canonicalRequest, steps } from "../../lib/flow/steps.ts";
import { ClaimLost } from "../../lib/flow/store.ts";
import {
  type Bench,
  canonical,
  claimWith,
  deadline,
  flowWith,
  hold,
  jarWith,
  lease,
  now,
  rejected,
  stateWith,
  take,
} from "./bench.ts";

const otherToken = "A".repeat(43);
const otherRequest = canonicalRequest(steps.otp.command({ otp: "123457" }));
const fresher = { name: "ST", value: "fresher", expiresAt: deadline, domain: "example.eu", path: "/" };
const fresherJar = jarWith({ cookies: [fresher] });

/** What every flow store does, told step by step. */
export function lifeContract(bench: () => Bench): void {
  describe("create", () => {
    it("puts a flow that its key reads and nobody else", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());

      expect(await store.read(key)).toEqual({
        token: "current",
        flow: {
          flowId: key.flowId,
          createdAt: now,
          attempts: 0,
          credentialTries: 0,
          claim: undefined,
          ...stateWith(),
        },
        jar: jarWith(),
      });
      expect(await store.read({ ...key, flowToken: otherToken })).toEqual({ token: "none", flow: undefined });
      expect(await store.read({ ...key, flowToken: "" })).toEqual({ token: "none", flow: undefined });
      expect(await store.read({ ...key, flowId: "unknown" })).toBeUndefined();
    });

    it("draws a UUID and a token of 256 bits", async () => {
      const key = await bench().store.create(flowWith());

      expect(key.flowId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(key.flowToken).toMatch(/^[\w-]{43}$/);
    });

    it("keeps the TTL at the deadline, rounded up to whole seconds", async () => {
      const { store, row } = bench();
      const { flowId } = await store.create(flowWith({ state: stateWith({ deadline: 1_790_000_600_001 }) }));

      expect(await row(flowId)).toMatchObject({ deadline: 1_790_000_600_001, ttl: 1_790_000_601 });
    });
  });

  describe("claim and commit", () => {
    it("store the result under the next token", async () => {
      const { store, row } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(store, key, { attemptLimit: 3 });
      const state = stateWith({
        status: "COMPLETED",
        next: ["resume"],
        details: {},
        deadline: deadline + 1000,
      });
      const { flowToken } = await claim.commit({ state, jar: fresherJar, reply: rejected });

      expect(claim.flow).toMatchObject({ status: "OTP_REQUIRED", attempts: 1, claim: { step: "otp" } });
      expect(claim.flow.claim).toMatchObject({ until: now + lease, doubtful: false });
      expect(claim.jar).toEqual(jarWith());
      expect(await store.read({ ...key, flowToken })).toEqual({
        token: "current",
        flow: {
          flowId: key.flowId,
          createdAt: now,
          attempts: 1,
          credentialTries: 0,
          claim: undefined,
          ...state,
        },
        jar: fresherJar,
      });
      expect(await row(key.flowId)).toMatchObject({ ttl: Math.ceil((deadline + 1000) / 1000) });
    });

    it("take two writes and no read", async () => {
      const { store, lossy, proxy } = bench();
      const key = await store.create(flowWith());
      proxy.operations();
      await take(lossy, key);

      expect(proxy.operations()).toEqual(["UpdateItem", "UpdateItem"]);
    });

    it.each<KeptReply>([
      rejected,
      {
        kind: "authorized",
        ...{ flowId: "f", status: "RESUMED", code: "code" },
        ...{ state: "s", nonce: "n", redirectUri: "app://back" },
      },
      { kind: "problem", problem: { error: "flow-failed", failure: "MFA_DISABLED" } },
      {
        kind: "view",
        view: { flowId: "f", status: "X", next: [], expiresAt: "", fallback: "browser", pending: "otp" },
      },
      {
        kind: "view",
        view: { flowId: "f", status: "X", next: ["otp"], expiresAt: "", ...stateWith().details },
      },
    ])("replay $kind to the previous token with the same request alone", async (reply) => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const { flowToken } = await take(store, key, reply);
      const replay: Answer = { reply, flowToken };
      const same = await store.claim(claimWith(key));
      const other = await store.claim(claimWith(key, { canonical: otherRequest }));

      expect(same).toMatchObject({ kind: "refused", found: { token: "previous", flow: { attempts: 0 } } });
      expect(same).toHaveProperty("found.replay", replay);
      expect(same).not.toHaveProperty("found.jar");
      expect(other).toMatchObject({ kind: "refused", found: { token: "previous", replay: undefined } });
      expect(await store.read(key)).toEqual({ token: "previous", flow: expect.anything() });
    });

    it("forget a token after two commits", async () => {
      const { store } = bench();
      const first = await store.create(flowWith());
      const second = await take(store, first);
      await take(store, second);

      expect(await store.claim(claimWith(first))).toEqual({
        kind: "refused",
        found: { token: "none", flow: undefined },
        isRetried: false,
      });
      expect(await store.read(second)).toMatchObject({ token: "previous" });
    });

    it("refuse the commit of a claim that was taken over", async () => {
      const { store, tamper, row } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(store, key);
      await tamper(key.flowId, "claim.id", "another");
      const before = await row(key.flowId);
      const result = { state: stateWith({ status: "COMPLETED" }), jar: jarWith(), reply: rejected };

      await expect(claim.commit(result)).rejects.toThrow(ClaimLost);
      await expect(claim.release({ jar: fresherJar, attemptReturned: true })).rejects.toThrow(ClaimLost);
      await expect(claim.markDoubtful(fresherJar)).rejects.toThrow(ClaimLost);
      await expect(claim.expire(now)).rejects.toThrow(ClaimLost);
      expect(await row(key.flowId)).toEqual(before);
    });

    it("refuse the second commit of one claim", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(store, key);
      const result = { state: stateWith(), jar: jarWith(), reply: rejected };
      const { flowToken } = await claim.commit(result);

      await expect(claim.commit(result)).rejects.toThrow(ClaimLost);
      expect(await store.read({ ...key, flowToken })).toMatchObject({ token: "current" });
    });
  });

  describe("release", () => {
    it("keeps token and cookies, and gives the attempt back", async () => {
      const { store } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(store, key, { attemptLimit: 3 });
      await claim.release({ jar: fresherJar, attemptReturned: true });

      expect(await store.read(key)).toMatchObject({
        token: "current",
        flow: { attempts: 0, credentialTries: 0, claim: undefined, ...stateWith() },
        jar: fresherJar,
      });
      expect((await hold(store, key, { canonical })).jar).toEqual(fresherJar);
    });

    it("seals the jar anew only when it has changed", async () => {
      const { store, row } = bench();
      const key = await store.create(flowWith());
      const before = await row(key.flowId);
      await (await hold(store, key)).release({ jar: jarWith(), attemptReturned: true });

      expect(await row(key.flowId)).toEqual(before);
      await (await hold(store, key)).release({ jar: fresherJar, attemptReturned: true });
      expect(await row(key.flowId)).toMatchObject({ attempts: 0, jar: { counter: 1 } });
    });
  });

  describe("markDoubtful", () => {
    it("keeps claim, token and cookies", async () => {
      const { store, row } = bench();
      const key = await store.create(flowWith());
      const claim = await hold(store, key, { attemptLimit: 3 });
      await claim.markDoubtful(fresherJar);

      expect(await store.read(key)).toMatchObject({
        token: "current",
        flow: { attempts: 1, claim: { ...claim.flow.claim, doubtful: true } },
        jar: fresherJar,
      });
      expect(await row(key.flowId)).toHaveProperty("claim.digest");
      expect(await store.claim(claimWith(key))).toMatchObject({
        kind: "refused",
        found: { token: "current", flow: { claim: { doubtful: true } }, jar: fresherJar },
      });
    });
  });

  describe("expire", () => {
    it("ends the flow at once and drops its secrets", async () => {
      const { store, row } = bench();
      const key = await take(store, await store.create(flowWith()));
      const end = now + 500;
      await (await hold(store, key)).expire(end);
      const left = await row(key.flowId);

      expect(left).toMatchObject({ deadline: end, ttl: Math.ceil(end / 1000) });
      expect(Object.keys(left ?? {}).filter((name) => ["jar", "claim", "previous"].includes(name))).toEqual(
        [],
      );
      expect(await store.claim(claimWith(key, { now: end }))).toMatchObject({
        kind: "refused",
        found: { token: "current", flow: { deadline: end }, jar: undefined },
      });
    });
  });
}
