import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type {
  ClaimRequest,
  ClaimResult,
  FlowKey,
  FlowStore,
  Holder,
  NewFlow,
  OpenRequest,
  StartResult,
  TakeOverRequest,
} from "../flow/store.ts";
import { type Counting, countingOf, uncounted } from "./attempts.ts";
import {
  assign,
  claimIs,
  countResume,
  expired,
  holdAnew,
  idle,
  isDue,
  notExpired,
  offers,
  tokenIs,
  unclaimed,
  versionIsReadable,
} from "./clauses.ts";
import { foundIn, placeOf } from "./found.ts";
import { heldClaim, unusableClaim } from "./held-claim.ts";
import {
  claimIdOf,
  keyOf,
  type Row,
  rowOf,
  rowVersion,
  type StoredItem,
  startedBy,
  stateAttributes,
  tokenKindOf,
  waitedIn,
} from "./item.ts";
import { withMissCounted } from "./repetition.ts";
import { type Random, systemRandom } from "./seal.ts";
import { openJar, type Place, sealJar, sealJarFor } from "./secrets.ts";
import { type FlowTable, flowTable, type WriteResult } from "./table.ts";
import {
  decodeToken,
  drawToken,
  drawUuid,
  encodeToken,
  hashToken,
  requestDigest,
  startSecrets,
} from "./tokens.ts";
import { watch } from "./watching.ts";

/** What a flow store is made of. */
export interface FlowStoreSettings {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Part of what every secret is sealed for: a row copied to another environment doesn't open there. */
  readonly environment: string;
  /** For one DynamoDB request with all its tries: milliseconds. */
  readonly budgetMs: number;
  /** In the place of the system's randomness. */
  readonly random?: Random | undefined;
}

interface Store {
  readonly table: FlowTable;
  readonly environment: string;
  readonly random: Random;
}

type RefusedClaim = Extract<ClaimResult, { kind: "refused" }>;

/**
 * Flows in a DynamoDB table, with their secrets sealed under the client's flow token, which the table never
 * holds. Its methods throw {@link StoreUnavailable} when DynamoDB didn't answer within the client's budget.
 */
export function createFlowStore(settings: FlowStoreSettings): FlowStore {
  const { client, tableName, environment, budgetMs, random = systemRandom } = settings;
  const store: Store = { table: flowTable(client, tableName, budgetMs), environment, random };
  return {
    create: (flow) => create(store, flow),
    createFor: (holder, flow) => createFor(store, holder, flow),
    open: (request) => open(store, request),
    read: async (key, canonical) => {
      const item = await store.table.get(keyOf(key.flowId));
      return refusal(store, { ...key, ...(canonical === undefined ? {} : { canonical }) }, item).found;
    },
    claim: (request) => claim(store, request),
    takeOver: (request) => takeOver(store, request),
    remove: (key, now) => remove(store, key, now),
    watch: (request) => watch(store, request),
  };
}

async function create(store: Store, flow: NewFlow): Promise<FlowKey> {
  const token = drawToken(store.random);
  const flowId = await put(store, flow, hashToken(token), (place) => ({
    jar: sealJar(place, token, 0, flow.jar, store.random),
  }));
  return { flowId, flowToken: encodeToken(token) };
}

function createFor(store: Store, { tokenHash, publicKey }: Holder, flow: NewFlow): Promise<string> {
  return put(store, flow, tokenHash, (place) => ({
    jar: sealJarFor(publicKey, place, flow.jar, store.random),
    watched: true,
  }));
}

function newRow({ environment }: Store, { createdAt, state }: NewFlow, tokenHash: Uint8Array) {
  const unused = { createdAt, attempts: 0 };
  return { v: rowVersion, env: environment, tokenHash, ...stateAttributes(state), ...unused };
}

async function put(
  store: Store,
  flow: NewFlow,
  tokenHash: Uint8Array,
  held: (place: Place) => Pick<Row, "jar" | "watched">,
): Promise<string> {
  const { table, environment, random } = store;
  const flowId = drawUuid(random);
  const written = await table.put(keyOf(flowId), {
    ...newRow(store, flow, tokenHash),
    ...held({ environment, flowId, version: rowVersion }),
  });
  const ours = written.item !== undefined && tokenKindOf(written.item, tokenHash) === "current";
  if (written.kind === "refused" && !ours) throw new Error("Another flow has the id just drawn.");
  return flowId;
}

async function open(store: Store, request: OpenRequest): Promise<StartResult> {
  const { table, environment, random } = store;
  const { idempotencyKey, canonical, step, now, until } = request;
  const { flowId, token } = startSecrets(environment, idempotencyKey, canonical);
  const tokenHash = hashToken(token);
  const claimId = drawUuid(random);
  const row: Row = {
    ...newRow(store, request.flow, tokenHash),
    startHash: tokenHash,
    jar: sealJar({ environment, flowId, version: rowVersion }, token, 0, request.flow.jar, random),
    claim: { id: claimId, step, digest: requestDigest(token, canonical), until },
  };
  const put = await table.put(keyOf(flowId), row, expired(now));
  const written: WriteResult = put.kind === "written" ? { ...put, item: { ...row } } : put;
  const key = { flowId, flowToken: encodeToken(token) };
  const won = granted(store, key, { token, claimId, counting: uncounted, written });
  if (won?.kind === "held") return won;
  const { found } = refusal(store, { ...key, canonical }, written.item);
  return { kind: "refused", key, found, isSame: startedBy(written.item, tokenHash) };
}

async function claim(store: Store, request: ClaimRequest): Promise<ClaimResult> {
  const token = decodeToken(request.flowToken);
  // No row can have the hash of a token that was never drawn.
  if (token === undefined) return { kind: "refused", found: undefined };
  const { step, until } = request;
  const counting = countingOf(request);
  const claimId = drawUuid(store.random);
  const digest = requestDigest(token, request.canonical);
  const written = await store.table.update(keyOf(request.flowId), {
    conditions: [
      tokenIs(hashToken(token), store.environment),
      versionIsReadable(),
      notExpired(request.now),
      unclaimed(),
      offers(step),
      ...(step === "poll" ? [isDue("pollAt", request.now)] : []),
      ...counting.conditions,
    ],
    assignments: [...assign({ claim: { id: claimId, step, digest, until } }), ...counting.assignments],
  });
  const won = granted(store, request, { token, claimId, counting, written });
  if (won !== undefined) return won;
  const item = await withMissCounted({ ...request, ...store, token, digest }, written.item);
  return { ...refusal(store, request, item), isRetried: isRetried(written) };
}

async function takeOver(store: Store, request: TakeOverRequest): Promise<ClaimResult> {
  const token = decodeToken(request.flowToken);
  if (token === undefined) return { kind: "refused", found: undefined };
  const { seen, now, until } = request;
  const claimId = drawUuid(store.random);
  const written = await store.table.update(keyOf(request.flowId), {
    conditions: [
      tokenIs(hashToken(token), store.environment),
      versionIsReadable(),
      notExpired(now),
      claimIs(seen.id),
      idle(now),
      ...(seen.step === "resume" ? [isDue("resumeAt", now)] : []),
    ],
    assignments: [...holdAnew(claimId, until), ...(seen.step === "resume" ? [countResume()] : [])],
  });
  return (
    granted(store, request, { token, claimId, counting: uncounted, written }) ?? {
      ...refusal(store, request, written.item),
      isRetried: isRetried(written),
    }
  );
}

function isRetried(written: WriteResult): boolean {
  return written.kind === "refused" && written.tries > 1;
}

function granted(
  { table, environment, random }: Store,
  { flowId }: FlowKey,
  made: { token: Uint8Array; claimId: string; counting: Counting; written: WriteResult },
): ClaimResult | undefined {
  const { item } = made.written;
  // Refused or not: a row with our claim in it is one that we hold.
  if (item === undefined || claimIdOf(item) !== made.claimId) return undefined;
  const row = rowOf(item);
  const place = row && placeOf({ environment, flowId }, row);
  const jar = place && openJar(place, made.token, row.jar);
  if (row?.claim === undefined || place === undefined || jar === undefined) {
    return { kind: "unusable", claim: unusableClaim(flowId, item, { ...made, table }) };
  }
  const { digest, until } = row.claim;
  return { kind: "held", claim: heldClaim({ ...made, table, random, place, row, jar, digest, until }) };
}

async function remove({ table, environment }: Store, key: FlowKey, now: number) {
  const token = decodeToken(key.flowToken);
  if (token === undefined) return { kind: "refused", found: undefined } as const;
  const written = await table.delete(keyOf(key.flowId), [
    tokenIs(hashToken(token), environment),
    notExpired(now),
    idle(now),
  ]);
  // A second try that meets no row has most likely come after the first; and a flow that is gone is gone.
  const gone = written.kind === "written" || (written.item === undefined && written.tries > 1);
  return gone
    ? ({
        kind: "removed",
        status: written.item && rowOf(written.item)?.status,
        ...waitedIn(written.item),
      } as const)
    : refusal({ environment }, key, written.item);
}

function refusal(
  { environment }: Pick<Store, "environment">,
  asker: FlowKey & { readonly canonical?: string },
  item: StoredItem | undefined,
): RefusedClaim {
  return { kind: "refused", found: item && foundIn(item, { ...asker, environment }) };
}
