import type { ClaimRequest } from "../flow/store.ts";
import { type Clause, isIn, notExpired, versionIsReadable } from "./clauses.ts";
import { keyOf, type StoredItem, tokenKindOf } from "./item.ts";
import type { FlowTable } from "./table.ts";
import { hashToken, repetitionCheck, replySecret } from "./tokens.ts";

/** How many other requests the previous token may be shown with until its reply is shut away. */
export const mostMisses = 5;

/** What a request shows that may be the repetition of another. */
interface Repetition extends Pick<ClaimRequest, "flowId" | "now"> {
  readonly table: FlowTable;
  readonly environment: string;
  readonly token: Uint8Array;
  /** From {@link requestDigest}. */
  readonly digest: Uint8Array;
}

/**
 * Counts a miss, and gives the row with it. A request with the previous token that is not the one it bought
 * is counted before anybody learns that it isn't, in one conditional write: however many guess a passcode at
 * once, no more guesses are looked at than the row allows. The right request is never counted.
 *
 * @param item the row that refused the request a claim
 */
export async function withMissCounted(
  { table, flowId, now, environment, token, digest }: Repetition,
  item: StoredItem | undefined,
): Promise<StoredItem | undefined> {
  const tokenHash = hashToken(token);
  if (item === undefined || tokenKindOf(item, tokenHash) !== "previous") return item;
  const check = repetitionCheck(replySecret(token, digest));
  const conditions = [isIn(environment), versionIsReadable(), notExpired(now), misses(tokenHash, check)];
  return (await table.update(keyOf(flowId), { conditions, assignments: [countMiss()] })).item;
}

/** This is the previous token, with another request than the one it bought, and not one too many. */
function misses(tokenHash: Uint8Array, check: Uint8Array): Clause {
  return {
    text: "#previous.#tokenHash = :shownHash AND #previous.#check <> :check AND #previous.#misses < :mostMisses",
    values: { ":shownHash": tokenHash, ":check": check, ":mostMisses": mostMisses },
  };
}

/** Counts one request with the previous token that was not the one it bought. */
function countMiss(): Clause {
  return { text: "#previous.#misses = #previous.#misses + :one", values: { ":one": 1 } };
}
