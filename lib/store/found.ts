import type { FlowKey, FlowRecord } from "../flow/store.ts";
import { flowOf, type Row, rowOf, type StoredItem, tokenKindOf } from "./item.ts";
import { mostMisses } from "./repetition.ts";
import { openAnswer, openJar, type Place } from "./secrets.ts";
import { decodeToken, hashToken, replySecret, requestDigest } from "./tokens.ts";

/** What the token shown may learn of an item. */
export interface Asker extends FlowKey {
  readonly environment: string;
  /** The request's canonical text; without one no answer is replayed. */
  readonly canonical?: string | undefined;
}

/** What an item tells the asker: nothing without one of the flow's tokens. */
export function foundIn(item: StoredItem, asker: Asker): FlowRecord {
  const token = decodeToken(asker.flowToken);
  // Another environment's row on the same table is nobody's here.
  const known = token !== undefined && item["env"] === asker.environment;
  const kind = known ? tokenKindOf(item, hashToken(token)) : "none";
  const row = rowOf(item);
  if (token === undefined || kind === "none" || row === undefined) return { token: kind, flow: undefined };
  const place = placeOf(asker, row);
  const flow = flowOf(asker.flowId, row);
  return kind === "current"
    ? { token: kind, flow, jar: openJar(place, token, row.jar) }
    : { token: kind, flow, replay: replayOf(row, place, token, asker.canonical) };
}

/** Where a row's sealed values belong. */
export function placeOf(asker: Pick<Asker, "environment" | "flowId">, row: Row): Place {
  return { environment: asker.environment, flowId: asker.flowId, version: row.v };
}

function replayOf(row: Row, place: Place, token: Uint8Array, canonical: string | undefined) {
  const { previous } = row;
  if (canonical === undefined || previous === undefined || (previous.misses ?? 0) >= mostMisses) {
    return undefined;
  }
  // Whether the reply opens is the test: only the request that bought it makes its key.
  return openAnswer(place, replySecret(token, requestDigest(token, canonical)), previous.reply);
}
