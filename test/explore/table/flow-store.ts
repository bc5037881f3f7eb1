import type { Claim } from "../../../lib/flow/flow.ts";
import type {
  ClaimRequest,
  ClaimResult,
  FlowKey,
  FlowStore,
  OpenRequest,
  StartResult,
  TakeOverRequest,
} from "../../../lib/flow/store.ts";
import { Box } from "./box.ts";
import {
  type FlowRow,
  foundIn,
  isReadable,
  jarIn,
  keyOf,
  mostMisses,
  placeOf,
  readableVersion,
  stateMembers,
  tokenKind,
} from "./flow-row.ts";
import { heldClaim, unusableClaim } from "./held-claim.ts";
import { type Counting, counted, countingOf, type Model, type ModelSettings, modelOf } from "./model.ts";
import { create, createFor, newPlace } from "./new-flow.ts";
import { get, type WriteResult } from "./table.ts";
import { checkOf, digestOf, drawId, replyKey, startOf, type Token, tokenIn } from "./tokens.ts";
import { watch } from "./watching.ts";

/**
 * The flow store in memory. It shares no code with the adapter, and does what the contract says: one
 * conditional write or consistent read for each request, of which every one goes over the wire.
 */
export function modelStore(settings: ModelSettings): FlowStore {
  const model = modelOf(settings);
  return {
    create: (flow) => create(model, flow),
    createFor: (holder, flow) => createFor(model, holder, flow),
    open: (request) => open(model, request),
    read: async (key, canonical) => {
      const row = await model.wire(get(model.rows, keyOf(key.flowId), "read"));
      return row && foundIn(row, { ...model, ...key, token: tokenIn(key.flowToken), canonical });
    },
    claim: (request) => claim(model, request),
    takeOver: (request) => takeOver(model, request),
    remove: (key, now) => remove(model, key, now),
    watch: (request) => watch(model, request),
  };
}

async function open(model: Model, request: OpenRequest): Promise<StartResult> {
  const { idempotencyKey, canonical, step, now, until } = request;
  const { createdAt, state, jar } = request.flow;
  const { id: flowId, token } = startOf(model.environment, idempotencyKey, canonical);
  const id = drawId(model.draw);
  const place = newPlace(model, flowId);
  const row: FlowRow = {
    ...{ v: readableVersion, env: model.environment, tokenHash: token.hash, createdAt, attempts: 0 },
    ...stateMembers(state),
    startHash: token.hash,
    jar: Box.around(jar, { lock: { secret: token.text }, place, counter: 0 }),
    claim: { id, step, digest: digestOf(token, canonical), until },
  };
  const written = await model.send({
    ...{ pk: keyOf(flowId), operation: "PutItem", purpose: "open" },
    when: (there) => there === undefined || there.deadline <= now,
    makes: () => row,
  });
  const key = { flowId, flowToken: token.text };
  const held = granted(model, key, { token, id, counting: [], written });
  if (held?.kind === "held") return held;
  const found = written.row && foundIn(written.row, { ...model, flowId, token, canonical });
  return { kind: "refused", key, found, isSame: written.row?.startHash === token.hash };
}

async function claim(model: Model, request: ClaimRequest): Promise<ClaimResult> {
  const token = tokenIn(request.flowToken);
  if (token === undefined) return { kind: "refused", found: undefined };
  const { flowId, step, until, now, canonical } = request;
  const counting = countingOf(request);
  const id = drawId(model.draw);
  const digest = digestOf(token, canonical);
  const written = await model.send({
    ...{ pk: keyOf(flowId), operation: "UpdateItem", purpose: "claim" },
    when: (row) =>
      isOpenTo(model, row, token, now) &&
      row.claim === undefined &&
      row.next.includes(step) &&
      (step !== "poll" || (row.pollAt ?? 0) <= now) &&
      counting.every(({ counter, limit }) => (row[counter] ?? 0) < limit),
    makes: (row) => row && { ...counted(row, counting, 1), claim: { id, step, digest, until } },
  });
  const held = granted(model, request, { token, id, counting, written });
  if (held !== undefined) return held;
  const row = await afterCountingMiss(model, request, token, written.row);
  return {
    kind: "refused",
    found: row && foundIn(row, { ...model, flowId, token, canonical }),
    isRetried: written.tries > 1,
  };
}

function isOpenTo(
  { environment }: Model,
  row: FlowRow | undefined,
  { hash }: Token,
  now: number,
): row is FlowRow {
  return (
    row !== undefined &&
    row.tokenHash === hash &&
    row.env === environment &&
    row.v === readableVersion &&
    row.deadline > now
  );
}

/**
 * Counts a request with the previous token that is not the one it bought, before anybody
 * learns that it isn't.
 */
async function afterCountingMiss(
  model: Model,
  { flowId, now, canonical }: ClaimRequest,
  token: Token,
  found: FlowRow | undefined,
): Promise<FlowRow | undefined> {
  if (found === undefined || tokenKind(found, token) !== "previous") return found;
  const check = checkOf(replyKey(token, digestOf(token, canonical)));
  const written = await model.send({
    ...{ pk: keyOf(flowId), operation: "UpdateItem", purpose: "count a miss" },
    when: (row) => {
      const { previous } = row ?? {};
      return (
        row?.env === model.environment &&
        row.v === readableVersion &&
        row.deadline > now &&
        previous?.tokenHash === token.hash &&
        previous.check !== undefined &&
        previous.check !== check &&
        (previous.misses ?? mostMisses) < mostMisses
      );
    },
    makes: (row) =>
      row?.previous && { ...row, previous: { ...row.previous, misses: (row.previous.misses ?? 0) + 1 } },
  });
  return written.row;
}

async function takeOver(model: Model, request: TakeOverRequest): Promise<ClaimResult> {
  const token = tokenIn(request.flowToken);
  if (token === undefined) return { kind: "refused", found: undefined };
  const { flowId, seen, now, until } = request;
  const id = drawId(model.draw);
  const written = await model.send({
    ...{ pk: keyOf(flowId), operation: "UpdateItem", purpose: "take over" },
    when: (row) =>
      isOpenTo(model, row, token, now) &&
      row.claim?.id === seen.id &&
      isIdle(row, now) &&
      isDue(row, seen, now),
    makes: (row) =>
      row?.claim && {
        ...row,
        claim: { ...row.claim, id, until, doubtful: false },
        ...(seen.step === "resume" ? { resumeTries: (row.resumeTries ?? 0) + 1 } : {}),
      },
  });
  return (
    granted(model, request, { token, id, counting: [], written }) ?? {
      kind: "refused",
      found: written.row && foundIn(written.row, { ...model, flowId, token }),
      isRetried: written.tries > 1,
    }
  );
}

/** Nobody is at work. */
function isIdle({ claim }: FlowRow, now: number): boolean {
  return claim === undefined || claim.doubtful === true || claim.until <= now;
}

/** A doubtful resume has a time before which nobody settles it. */
function isDue({ resumeAt = 0 }: FlowRow, { step }: Claim, now: number): boolean {
  return step !== "resume" || resumeAt <= now;
}

function granted(
  model: Model,
  { flowId }: FlowKey,
  made: { token: Token; id: string; counting: Counting; written: WriteResult<FlowRow> },
): ClaimResult | undefined {
  const { row } = made.written;
  // Refused or not: a row with our claim in it is one that we hold.
  if (row?.claim === undefined || row.claim.id !== made.id) return undefined;
  const grant = { ...made, model, flowId, row, claim: row.claim };
  const jar = isReadable(row) ? jarIn(row, placeOf(model.environment, flowId, row), made.token) : undefined;
  return jar === undefined
    ? { kind: "unusable", claim: unusableClaim(grant) }
    : { kind: "held", claim: heldClaim({ ...grant, jar }) };
}

async function remove(
  model: Model,
  { flowId, flowToken }: FlowKey,
  now: number,
): ReturnType<FlowStore["remove"]> {
  const token = tokenIn(flowToken);
  if (token === undefined) return { kind: "refused", found: undefined };
  const { kind, row, tries } = await model.send({
    ...{ pk: keyOf(flowId), operation: "DeleteItem", purpose: "remove" },
    when: (there) =>
      there?.tokenHash === token.hash &&
      there.env === model.environment &&
      there.deadline > now &&
      isIdle(there, now),
    makes: () => undefined,
  });
  // A second try that meets no row has most likely come after the first.
  if (kind === "written" || (row === undefined && tries > 1)) {
    return { kind: "removed", status: row && isReadable(row) ? row.status : undefined, waiter: row?.waiter };
  }
  return { kind: "refused", found: row && foundIn(row, { ...model, flowId, token }) };
}
