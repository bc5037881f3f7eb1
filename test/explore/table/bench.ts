import { randomBytes } from "node:crypto";
import type { Bench } from "../../store/bench.ts";
import { Losses } from "../../support/losses.ts";
import { Box } from "./box.ts";
import { type FlowRow, keyOf } from "./flow-row.ts";
import { modelStore } from "./flow-store.ts";
import { type LimitRow, modelLimiter } from "./limiter.ts";
import { modelItem } from "./loot.ts";
import { hasWritten, type Wire } from "./table.ts";

/**
 * The bench of the contract with the model of the table on it.
 *
 * @param bringsItem whether a refused write brings the row, as DynamoDB's do
 */
export async function openModelBench(bringsItem: boolean): Promise<Bench> {
  const flows = new Map<string, FlowRow>();
  const limits = new Map<string, LimitRow>();
  const { proxy, wire: lossyWire } = lossyProxy();
  const storeBy = (wire: Wire, environment: string) =>
    modelStore({
      ...{ rows: flows, wire, environment },
      draw: (size) => randomBytes(size),
      bringsRow: bringsItem,
    });
  const change = (flowId: string, makes: (row: FlowRow) => FlowRow) => {
    const row = flows.get(keyOf(flowId));
    if (row !== undefined) flows.set(keyOf(flowId), makes(row));
  };

  return {
    bringsItem,
    store: storeBy(straight, "test"),
    lossy: storeBy(lossyWire, "test"),
    limiter: modelLimiter({ rows: limits, wire: straight }),
    lossyLimiter: modelLimiter({ rows: limits, wire: lossyWire }),
    proxy,
    foreign: storeBy(straight, "production"),
    row: async (flowId) => {
      const row = flows.get(keyOf(flowId));
      return row && { ...row };
    },
    tamper: async (flowId, path, value) => change(flowId, (row) => changedAt(row, path.split("."), value)),
    copy: async (from, to) => {
      const row = flows.get(keyOf(from));
      if (row !== undefined) flows.set(keyOf(to), row);
    },
    dump: async () => [...flows, ...limits].map(([pk, row]) => modelItem({ pk, ...row })),
    close: async () => undefined,
  };
}

const straight: Wire = async ({ apply }) => apply(1);

function lossyProxy(): { readonly proxy: Bench["proxy"]; readonly wire: Wire } {
  const losses = new Losses();
  let seen: string[] = [];
  const wire: Wire = async ({ operation, apply }) => {
    let isDone = false;
    for (let tries = 1; ; tries += 1) {
      seen.push(operation);
      const result = apply(tries, isDone);
      isDone ||= hasWritten(result);
      const loss = losses.take(operation);
      if (loss === undefined) return result;
      await loss.meanwhile?.();
    }
  };
  const proxy: Bench["proxy"] = {
    loseNextReply: (operation, meanwhile) => losses.next({ operation, meanwhile }),
    loseReply: (after) => losses.after(after),
    operations: () => {
      const operations = seen;
      seen = [];
      return operations;
    },
  };
  return { proxy, wire };
}

/** A copy with something else at a path: behind the store's back, and so behind its types'. */
function changedAt<Value>(value: Value, [name = "", ...names]: readonly string[], to: unknown): Value {
  const members = Object(value);
  const member = names.length === 0 ? to : changedAt(members[name], names, to);
  return members instanceof Box
    ? Object(members.changed({ [name]: member }))
    : { ...members, [name]: member };
}
