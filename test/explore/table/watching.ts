import { isOver } from "../../../lib/flow/flow.ts";
import { type FlowStore, StoreUnavailable, type WatchRequest } from "../../../lib/flow/store.ts";
import { type FlowRow, flowOf, isReadable, keyOf, readableVersion } from "./flow-row.ts";
import type { Model } from "./model.ts";
import { get } from "./table.ts";

/** So many others may come to wait at the same moment. */
const mostWaiters = 5;

/** Looks at a flow without any token of it, and keeps who waits for its end. */
export async function watch(model: Model, request: WatchRequest): ReturnType<FlowStore["watch"]> {
  const { flowId, waiter } = request;
  const { row, ...kept } =
    waiter === undefined
      ? { row: await model.wire(get(model.rows, keyOf(flowId), "look")), isKept: false }
      : await keepWaiter(model, request, waiter);
  if (row?.env !== model.environment) return undefined;
  return { flow: isReadable(row) ? flowOf(flowId, row) : undefined, ...kept };
}

interface Kept {
  readonly row: FlowRow | undefined;
  readonly isKept: boolean;
  readonly replaced?: Uint8Array;
}

/** Takes the place of exactly the waiter that was seen; at first there seems to be none. */
async function keepWaiter(model: Model, { flowId, now }: WatchRequest, waiter: Uint8Array): Promise<Kept> {
  let seen: Uint8Array | undefined;
  for (let tries = 0; tries < mostWaiters; tries += 1) {
    const expected = seen;
    const {
      kind,
      row,
      tries: sendings,
    } = await model.send({
      ...{ pk: keyOf(flowId), operation: "UpdateItem", purpose: "wait" },
      when: (there) => isOpen(model, there, now) && isSame(there?.waiter, expected),
      makes: (there) => there && { ...there, waiter, watched: true },
    });
    const replaced = expected === undefined ? {} : { replaced: expected };
    if (kind === "written") return { row, isKept: true, ...replaced };
    if (isSame(row?.waiter, waiter)) return { row, isKept: sendings > 1, ...replaced };
    if (isSame(row?.waiter, expected)) return { row, isKept: false };
    seen = row?.waiter;
  }
  throw new StoreUnavailable("Others came to wait all the time.");
}

function isOpen({ environment }: Model, row: FlowRow | undefined, now: number): boolean {
  return row?.env === environment && row.v === readableVersion && row.deadline > now && !isOver(row.status);
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.from(one).equals(other);
}
