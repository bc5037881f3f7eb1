import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FlowKey, Holder } from "../../lib/flow/store.ts";
import {
  type Bench,
  claimWith,
  deadline,
  flowWith,
  hold,
  jarWith,
  now,
  rejected,
  stateWith,
} from "./bench.ts";

const waiter = new TextEncoder().encode("a sealed task token");
const userId = "0b5a1f3e-person";
const completed = stateWith({ status: "COMPLETED", next: ["resume"], userId });

/** A client that draws its own flow token, as docs/operations.md has it do. */
function drawHolder(): { readonly flowToken: string; readonly holder: Holder } {
  const jwk = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  const bytes = (text = "") => new Uint8Array(Buffer.from(text, "base64url"));
  const tokenHash = createHash("sha256").update(bytes(jwk.d)).digest();
  return { flowToken: jwk.d ?? "", holder: { tokenHash, publicKey: bytes(jwk.x) } };
}

async function started({ store }: Bench, flow = flowWith()): Promise<FlowKey> {
  const { flowToken, holder } = drawHolder();
  return { flowToken, flowId: await store.createFor(holder, flow) };
}

/** How every flow store keeps flows that one begins and another holds. */
export function watchingContract(bench: () => Bench): void {
  describe("a flow begun for somebody else", () => {
    it("opens for the token whose hash and public key were given, and for no other", async () => {
      const { store } = bench();
      const key = await started(bench());

      expect(await store.read(key)).toMatchObject({ token: "current", jar: jarWith() });
      expect(await store.read({ ...key, flowToken: drawHolder().flowToken })).toEqual({
        token: "none",
        flow: undefined,
      });
    });

    it("goes on like any other from the first commit, and keeps nothing sealed for the key pair", async () => {
      const { store, row } = bench();
      const key = await started(bench());
      expect((await row(key.flowId))?.["jar"]).toHaveProperty("ephemeral");
      const claim = await hold(store, key);
      const { flowToken } = await claim.commit({ state: completed, jar: claim.jar, reply: rejected });

      expect(claim.jar).toEqual(jarWith());
      expect(await store.read({ ...key, flowToken })).toMatchObject({ token: "current", jar: jarWith() });
      expect((await row(key.flowId))?.["jar"]).not.toHaveProperty("ephemeral");
    });

    it("does not open where hash and public key are of two tokens", async () => {
      const { store } = bench();
      const { flowToken, holder } = drawHolder();
      const flowId = await store.createFor(
        { ...holder, publicKey: drawHolder().holder.publicKey },
        flowWith(),
      );

      expect(await store.read({ flowId, flowToken })).toMatchObject({ token: "current", jar: undefined });
      expect((await store.claim(claimWith({ flowId, flowToken }))).kind).toBe("unusable");
    });

    it("is not begun for a public key that agrees with everybody", async () => {
      const holder = { ...drawHolder().holder, publicKey: new Uint8Array(32) };

      await expect(bench().store.createFor(holder, flowWith())).rejects.toThrow();
    });

    it("does not open when the sealer's public key is another, or none", async () => {
      const { store, row, tamper } = bench();
      const key = await started(bench());
      for (const ephemeral of [drawHolder().holder.publicKey, new Uint8Array(32), new Uint8Array(5)]) {
        await tamper(key.flowId, "jar.ephemeral", ephemeral);
        expect(await store.read(key)).toMatchObject({ token: "current", jar: undefined });
      }
      expect((await row(key.flowId))?.["watched"]).toBe(true);
    });
  });

  describe("watch", () => {
    it("tells where a flow stands without a token, and nothing sealed", async () => {
      const { store, foreign } = bench();
      const { flowId } = await started(bench());

      expect(await store.watch({ flowId, now })).toEqual({
        flow: { flowId, createdAt: now, attempts: 0, credentialTries: 0, claim: undefined, ...stateWith() },
        isKept: false,
      });
      expect(await store.watch({ flowId: "unknown", now })).toBeUndefined();
      expect(await store.watch({ flowId: "unknown", now, waiter })).toBeUndefined();
      expect(await foreign.watch({ flowId, now })).toBeUndefined();
      expect(await foreign.watch({ flowId, now, waiter })).toBeUndefined();
    });

    it("keeps who waits, for whichever write ends the flow", async () => {
      const { store } = bench();
      const [first, second, third] = await Promise.all([
        started(bench()),
        started(bench()),
        started(bench()),
      ]);
      const claims = await Promise.all([first, second].map((key) => hold(store, key)));
      for (const { flowId } of [first, second, third]) await store.watch({ flowId, now, waiter });

      // It came after the claim: the commit finds it all the same.
      expect(await claims[0]?.commit({ state: completed, jar: jarWith(), reply: rejected })).toMatchObject({
        waiter,
      });
      expect(await claims[1]?.expire(now)).toEqual({ waiter });
      expect(await store.remove(third, now)).toEqual({ kind: "removed", status: "OTP_REQUIRED", waiter });
    });

    it("finds the waiter after a lost reply as well", async () => {
      const { store, lossy, proxy } = bench();
      const key = await started(bench());
      await store.watch({ flowId: key.flowId, now, waiter });
      const claim = await hold(lossy, key);
      proxy.loseNextReply();

      expect(await claim.commit({ state: completed, jar: jarWith(), reply: rejected })).toMatchObject({
        waiter,
      });
    });

    it("keeps the newest waiter, and tells each whose place it takes", async () => {
      const { store } = bench();
      const { flowId, flowToken } = await started(bench());
      const names = ["first", "second", "third"].map((name) => new TextEncoder().encode(name));
      const replaced: unknown[] = [];
      for (const one of names) replaced.push((await store.watch({ flowId, now, waiter: one }))?.replaced);

      expect(replaced).toEqual([undefined, names[0], names[1]]);
      expect(await store.remove({ flowId, flowToken }, now)).toMatchObject({ waiter: names[2] });
    });

    it("tells of each replaced waiter once where many come at the same time", async () => {
      const { store } = bench();
      const { flowId, flowToken } = await started(bench());
      const names = ["1", "2", "3", "4"].map((name) => new TextEncoder().encode(name));
      const seen = await Promise.all(names.map((one) => store.watch({ flowId, now, waiter: one })));
      const last = await store.remove({ flowId, flowToken }, now);

      const told = [...seen.map((one) => one?.replaced), Object(last).waiter].filter(
        (one) => one !== undefined,
      );
      const texts = told.map((one) => new TextDecoder().decode(one));
      expect(texts.toSorted()).toEqual(["1", "2", "3", "4"]);
    });

    it.each([
      ["first", 0],
      ["second", 1],
    ])("knows its own write when the reply of its %s request was lost", async (_, before) => {
      const { store, lossy, proxy } = bench();
      const { flowId, flowToken } = await started(bench());
      const earlier = new TextEncoder().encode("earlier");
      if (before > 0) await store.watch({ flowId, now, waiter: earlier });
      proxy.loseNextReply();
      const kept = await lossy.watch({ flowId, now, waiter });
      // Again: nobody else has come in between.
      proxy.loseNextReply();
      const again = await lossy.watch({ flowId, now, waiter });

      expect(kept?.replaced).toEqual(before > 0 ? earlier : undefined);
      expect(again?.replaced).toBeUndefined();
      expect(await store.remove({ flowId, flowToken }, now)).toMatchObject({ waiter });
    });

    it.each(["COMPLETED", "RESUMED", "FAILED", "EXPIRED"])(
      "keeps no waiter on a flow that is %s: nobody is left to tell them",
      async (status) => {
        const { store, row } = bench();
        const key = await started(bench());
        const state = stateWith({ status, next: [] });
        await (await hold(store, key)).commit({ state, jar: jarWith(), reply: rejected });

        expect(await store.watch({ flowId: key.flowId, now, waiter })).toMatchObject({
          flow: { status },
          isKept: false,
        });
        expect(await row(key.flowId)).not.toHaveProperty("waiter");
      },
    );

    it("takes no place in a flow that PingOne has forgotten, whatever the time is here", async () => {
      const { store } = bench();
      const key = await started(bench());
      await store.watch({ flowId: key.flowId, now, waiter });
      await (await hold(store, key)).expire(now + 5_000);

      const seen = await store.watch({ flowId: key.flowId, now, waiter: waiter.slice(1) });
      expect(seen).toMatchObject({ flow: { status: "EXPIRED" }, isKept: false });
      expect(seen).not.toHaveProperty("replaced");
    });

    it("knows of a waiter that its lost write had left before the flow ended", async () => {
      const { store, lossy, proxy } = bench();
      const key = await started(bench());
      const claim = await hold(store, key);
      let told: unknown;
      proxy.loseNextReply("UpdateItem", async () => {
        told = (await claim.commit({ state: completed, jar: jarWith(), reply: rejected })).waiter;
      });

      expect(await lossy.watch({ flowId: key.flowId, now, waiter })).toMatchObject({
        flow: { status: "COMPLETED" },
        isKept: true,
      });
      expect(told).toEqual(waiter);
    });

    it("takes one write, and two where it takes another's place", async () => {
      const { lossy, proxy, bringsItem } = bench();
      const { flowId } = await started(bench());
      proxy.operations();
      await lossy.watch({ flowId, now, waiter });
      expect(proxy.operations()).toEqual(["UpdateItem"]);
      await lossy.watch({ flowId, now, waiter: waiter.slice(1) });
      const looked = bringsItem ? [] : ["GetItem"];
      expect(proxy.operations()).toEqual(["UpdateItem", ...looked, "UpdateItem"]);
    });

    it("takes no place in a flow past its deadline", async () => {
      const { store, row } = bench();
      const { flowId } = await started(bench());
      await store.watch({ flowId, now, waiter });
      const before = await row(flowId);

      const seen = await store.watch({ flowId, now: deadline, waiter: waiter.slice(1) });
      expect(seen).toMatchObject({ flow: { deadline } });
      expect(seen).not.toHaveProperty("replaced");
      expect(await row(flowId)).toEqual(before);
    });

    it("keeps no waiter on a flow past its deadline, and none in a row it can't read", async () => {
      const { store, row, tamper } = bench();
      const { flowId } = await started(bench());

      expect(await store.watch({ flowId, now: deadline, waiter })).toMatchObject({ flow: { deadline } });
      await tamper(flowId, "v", 99);
      expect(await store.watch({ flowId, now, waiter })).toEqual({ flow: undefined, isKept: false });
      expect(await row(flowId)).not.toHaveProperty("waiter");
    });

    it("has the row of a resumed flow kept for as long as before, though its code's time is short", async () => {
      const { store, row } = bench();
      const own = await store.create(flowWith());
      const watched = await started(bench());
      const resumed = stateWith({ status: "RESUMED", next: [], deadline: now + 60_000 });
      for (const key of [own, watched]) {
        await (await hold(store, key)).commit({ state: resumed, jar: jarWith(), reply: rejected });
      }

      expect(await row(own.flowId)).toMatchObject({ ttl: Math.ceil((now + 60_000) / 1000) });
      expect(await row(watched.flowId)).toMatchObject({
        deadline: now + 60_000,
        ttl: Math.ceil(deadline / 1000),
      });
    });

    it("has the person's id kept only where a workflow has a part in the flow", async () => {
      const { store, row } = bench();
      const own = await store.create(flowWith());
      const watched = await started(bench());
      for (const key of [own, watched]) {
        await (await hold(store, key)).commit({ state: completed, jar: jarWith(), reply: rejected });
      }

      expect(await row(own.flowId)).not.toHaveProperty("userId");
      expect(await row(watched.flowId)).toMatchObject({ userId });
      expect(await store.watch({ flowId: watched.flowId, now })).toMatchObject({ flow: { userId } });
    });
  });
}
