import { describe, expect, it } from "vitest";
import type { OpenRequest } from "../../lib/flow/store.ts";
import {
  type Bench,
  claimIn,
  deadline,
  flowWith,
  jarWith,
  lease,
  now,
  rejected,
  stateWith,
  take,
} from "./bench.ts";

let drawn = 0;

/** A start under a key of its own. */
function startWith(overrides: Partial<OpenRequest> = {}): OpenRequest {
  drawn += 1;
  return {
    ...{ idempotencyKey: `a key of the client's own ${drawn}`, canonical: "a start" },
    flow: flowWith({ state: stateWith({ status: "STARTING", next: [] }) }),
    ...{ step: "poll", now, until: now + lease, ...overrides },
  };
}

async function held({ store }: Pick<Bench, "store">, request: OpenRequest) {
  const opened = await store.open(request);
  if (opened.kind === "held") return opened.claim;
  throw new Error(`The start was not won: ${JSON.stringify(opened)}`);
}

const result = () => ({ state: stateWith(), jar: jarWith(), reply: rejected });

/** What a start under a key promises. */
export function startContract(bench: () => Bench): void {
  describe("a start under a key", () => {
    it("puts a claimed row in one request, which a commit ends in another", async () => {
      const { lossy, proxy, row } = bench();
      proxy.operations();
      const claim = await held({ store: lossy }, startWith());
      const { flowId } = claim.flow;
      expect(claim).toMatchObject({ hasCounted: false, until: now + lease, jar: jarWith() });
      expect(await row(flowId)).toMatchObject({ status: "STARTING", attempts: 0, claim: { step: "poll" } });
      await claim.commit(result());
      expect(proxy.operations()).toEqual(["PutItem", "UpdateItem"]);
    });

    it("has the same id and first token for the same request, and no second claim", async () => {
      const request = startWith();
      const claim = await held(bench(), request);
      const again = await bench().store.open(request);
      expect(again).toMatchObject({
        ...{ kind: "refused", isSame: true, key: { flowId: claim.flow.flowId } },
        found: { token: "current", flow: { claim: { id: claim.flow.claim?.id, doubtful: false } } },
      });
      expect(claim.flow.flowId).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    });

    it("is won once where 16 come at the same time", async () => {
      const request = startWith();
      const all = await Promise.all(Array.from({ length: 16 }, () => bench().store.open(request)));
      expect(all.filter(({ kind }) => kind === "held")).toHaveLength(1);
    });

    it("tells another request under the key, and nothing of the flow", async () => {
      const request = startWith();
      await held(bench(), request);
      const other = await bench().store.open({ ...request, canonical: "another start" });
      expect(other).toMatchObject({ kind: "refused", isSame: false, found: { token: "none" } });
      expect(other).not.toHaveProperty("found.jar");
    });

    it("gives the committed answer to a repetition, to no other request, and until the flow goes on", async () => {
      const request = startWith();
      const claim = await held(bench(), request);
      const { flowToken } = await claim.commit(result());
      const again = await bench().store.open(request);
      expect(again).toMatchObject({ found: { token: "previous", replay: { reply: rejected, flowToken } } });
      const other = await bench().store.open({ ...request, canonical: "another start" });
      expect(other).toMatchObject({ isSame: false, found: { token: "none" } });
      await take(bench().store, { flowId: claim.flow.flowId, flowToken });
      expect(await bench().store.open(request)).toMatchObject({ isSame: true, found: { token: "none" } });
    });

    it("can be settled by whoever makes the first token again", async () => {
      const { store } = bench();
      const request = startWith();
      const { flow } = await held(bench(), request);
      const found = await store.open({ ...request, now: now + lease });
      if (found.kind !== "refused") throw new Error("There is a row.");
      const times = { now: now + lease, until: now + 2 * lease };
      const taken = await store.takeOver({ ...found.key, seen: claimIn(flow), ...times });
      if (taken.kind !== "held") throw new Error("The lease has ended.");
      const { flowToken } = await taken.claim.commit(result());
      expect(await store.open(request)).toMatchObject({ found: { replay: { reply: rejected, flowToken } } });
    });

    it("is a new one after one that was let go, and after a flow that has expired", async () => {
      const request = startWith();
      const first = await held(bench(), request);
      await first.expire(now);
      const second = await held(bench(), request);
      expect(second.flow).toMatchObject({ flowId: first.flow.flowId, deadline });
      expect(await bench().row(first.flow.flowId)).not.toHaveProperty("previous");
      expect((await bench().store.open({ ...request, now: deadline - 1 })).kind).toBe("refused");
      expect((await bench().store.open({ ...request, now: deadline })).kind).toBe("held");
    });

    it("knows its own writes when a reply is lost", async () => {
      const request = startWith();
      bench().proxy.loseNextReply("PutItem");
      const claim = await held({ store: bench().lossy }, request);
      bench().proxy.loseNextReply("UpdateItem");
      const { flowToken } = await claim.commit(result());
      expect(await bench().store.open(request)).toMatchObject({ found: { replay: { flowToken } } });
    });

    it("is another environment's own", async () => {
      const request = startWith();
      const { flow } = await held(bench(), request);
      const other = await held({ store: bench().foreign }, request);
      expect(other.flow.flowId).not.toBe(flow.flowId);
    });
  });
}
