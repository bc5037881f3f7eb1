import { overStatuses } from "../flow/flow.ts";
import type { FlowStore, WatchRequest } from "../flow/store.ts";
import { StoreUnavailable } from "../flow/store.ts";
import { assign, isIn, isNoneOf, notExpired, versionIsReadable, waitsFor } from "./clauses.ts";
import { flowOf, keyOf, rowOf, type StoredItem, waitedIn } from "./item.ts";
import type { FlowTable } from "./table.ts";

/** So many others may come to wait at the same moment. */
const mostWaiters = 5;

/** What a look at a flow's row needs. */
interface Looking {
  readonly table: FlowTable;
  readonly environment: string;
}

/** Looks at a flow without any token of it, and keeps who is to be told of its end. */
export async function watch(
  { table, environment }: Looking,
  { flowId, now, waiter }: WatchRequest,
): ReturnType<FlowStore["watch"]> {
  const pk = keyOf(flowId);
  const { item, ...kept } =
    waiter === undefined
      ? { item: await table.get(pk), isKept: false }
      : await keepWaiter(pk, waiter, { table, environment, now });
  if (item?.["env"] !== environment) return undefined;
  const row = rowOf(item);
  return { flow: row && flowOf(flowId, row), ...kept };
}

interface Kept {
  readonly item: StoredItem | undefined;
  readonly isKept: boolean;
  readonly replaced?: Uint8Array;
}

/**
 * Puts a waiter in the place of exactly the one that was seen, so that whoever is replaced is replaced by
 * one alone. A first look takes it that there is none. Where the flow is over nobody is left to tell a
 * waiter: none is kept.
 */
async function keepWaiter(
  pk: string,
  waiter: Uint8Array,
  { table, environment, now }: Looking & { readonly now: number },
): Promise<Kept> {
  const conditions = [isIn(environment), versionIsReadable(), notExpired(now), isNoneOf(overStatuses)];
  let replaced: Uint8Array | undefined;
  for (let tries = 0; tries < mostWaiters; tries += 1) {
    const written = await table.update(pk, {
      conditions: [...conditions, waitsFor(replaced)],
      assignments: assign({ waiter, watched: true }),
    });
    const { item } = written;
    const { waiter: found } = waitedIn(item);
    const seen = replaced === undefined ? {} : { replaced };
    if (written.kind === "written") return { item, isKept: true, ...seen };
    // Ours stands there: an earlier try of this write left it, or the same task has come again.
    if (same(found, waiter)) return { item, isKept: written.tries > 1, ...seen };
    // The waiter is as it was taken to be, so it is something else that stood against it.
    if (same(found, replaced)) return { item, isKept: false };
    replaced = found;
  }
  throw new StoreUnavailable("Others came to wait all the time.");
}

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.from(one).equals(other);
}
