import { isDeepStrictEqual } from "node:util";
import { nextSteps } from "../../lib/flow/flow.ts";
import { actionOf, clientSteps, steps } from "../../lib/flow/steps.ts";
import type { FlowKey } from "../../lib/flow/store.ts";
import { samples } from "../support/step-samples.ts";
import { Person } from "./kit/person.ts";
import { inParallel, Misses, type Proof } from "./kit/proof.ts";
import { pick } from "./kit/random.ts";
import { createStage, type Stage } from "./kit/stage.ts";

/** A flow that offers each step, and a request that it would have taken. */
const kinds = clientSteps.map((name) => {
  const { offeredIn: [status = "SOME_STATUS"] = [] } = steps[name];
  return { name, status, action: actionOf(name) ?? "self", body: samples[name].body };
});

/**
 * Rows that have expired and that DynamoDB has not deleted yet: nothing claims them
 * and PingOne hears nothing.
 */
export const expired: Proof = {
  name: "expired",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(10_000);
    const stage = await createStage({ defect });
    try {
      const flows: { readonly key: FlowKey; readonly kind: (typeof kinds)[number] }[] = [];
      await inParallel(wanted, 32, async () => {
        const kind = pick(random, kinds);
        flows.push({ kind, key: await expiredFlow(stage, kind, random.below(48 * 3_600_000)) });
      });
      const before = await flowRows(stage);
      misses.unless(before.length === wanted, () => `expired: ${before.length} rows`);
      await inParallel(wanted, 32, async (index) => {
        const flow = flows[index];
        if (flow !== undefined) await ask(stage, flow, misses);
      });
      const claims = (await flowRows(stage)).filter((row) => row["claim"] !== undefined).length;
      const same = isDeepStrictEqual(sorted(before), sorted(await flowRows(stage)));
      misses.unless(claims === 0, () => `expired: ${claims} claims`);
      misses.unless(same, () => "expired: rows have changed");
      const calls = stage.simulator.calls.length;
      misses.unless(calls === 0, () => `expired: ${calls} calls`);
      return { rounds: wanted, figure: `${claims} claims, ${calls} PingOne calls`, misses: misses.all };
    } finally {
      await stage.close();
    }
  },
};

function expiredFlow(
  stage: Stage,
  { status, action }: (typeof kinds)[number],
  agoMs: number,
): Promise<FlowKey> {
  const now = stage.clock.now();
  const deadline = now - agoMs;
  return stage.store.create({
    createdAt: deadline - 900_000,
    state: {
      status,
      next: nextSteps(status, [action]),
      details: {},
      deadline,
    },
    jar: { upstreamFlowId: crypto.randomUUID(), cookies: [], state: "s", nonce: "n", application: "mobile" },
  });
}

async function ask(
  stage: Stage,
  { key, kind }: { readonly key: FlowKey; readonly kind: (typeof kinds)[number] },
  misses: Misses,
): Promise<void> {
  const person = new Person(stage);
  person.flowId = key.flowId;
  const step = await person.step(kind.name, kind.body, key.flowToken);
  person.token = key.flowToken;
  for (const { reply } of [step, await person.status()]) {
    misses.unless(reply?.problem === "flow-expired", () => `expired: ${kind.name} got ${reply?.problem}`);
  }
}

/** Names are counted beside the claim, whatever becomes of it. */
async function flowRows(stage: Stage) {
  return (await stage.rows()).filter(({ pk }) => String(pk).startsWith("flow#"));
}

function sorted(rows: Awaited<ReturnType<Stage["rows"]>>) {
  return rows.toSorted((a, b) => (String(a["pk"]) < String(b["pk"]) ? -1 : 1));
}
