import { type FlowDetails, largeDetails } from "../../../lib/flow/details.ts";
import type { Claim, Flow, FlowState } from "../../../lib/flow/flow.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { Answer } from "../../../lib/flow/reply.ts";
import { isStep, type StepName } from "../../../lib/flow/steps.ts";
import type { FlowRecord } from "../../../lib/flow/store.ts";
import { Box, type Place } from "./box.ts";
import type { Token } from "./tokens.ts";
import { digestOf, replyKey } from "./tokens.ts";

/** The only format that the model reads. */
export const readableVersion = 1;

/** How many other requests the previous token may be shown with. */
export const mostMisses = 5;

/** What a row keeps of a claim. */
export interface RowClaim {
  readonly id: string;
  readonly step: StepName;
  /** Tells the request that it was made for from any other. */
  readonly digest: string;
  readonly until: number;
  readonly doubtful?: boolean | undefined;
}

/** What a row keeps of the token before the current one. */
interface RowPrevious {
  readonly tokenHash: string;
  readonly reply: Box<Answer>;
  readonly check?: string | undefined;
  readonly misses?: number | undefined;
}

/** A flow's row. */
export interface FlowRow {
  readonly v: number;
  readonly env: string;
  readonly tokenHash: string;
  readonly status: string;
  readonly next: readonly StepName[];
  readonly view: FlowDetails;
  readonly jar?: Box<Jar> | undefined;
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Epoch seconds. */
  readonly ttl: number;
  readonly createdAt: number;
  readonly attempts: number;
  readonly credentialTries?: number | undefined;
  readonly claim?: RowClaim | undefined;
  readonly previous?: RowPrevious | undefined;
  readonly resumeTries?: number | undefined;
  /** Epoch milliseconds. */
  readonly resumeAt?: number | undefined;
  /** Epoch milliseconds. */
  readonly pollAt?: number | undefined;
  readonly watched?: boolean | undefined;
  readonly waiter?: Uint8Array | undefined;
  readonly userId?: string | undefined;
  /** The hash of the first token of a flow that was started under a key. */
  readonly startHash?: string | undefined;
}

/** The key of a flow's row. */
export function keyOf(flowId: string): string {
  return `flow#${flowId}`;
}

/** Whether the row is in a format that is read, and fits it. */
export function isReadable({ v, attempts, createdAt }: FlowRow): boolean {
  return v === readableVersion && typeof attempts === "number" && typeof createdAt === "number";
}

/** The jar in a row, for the owner of the token that it was locked for. */
export function jarIn(row: FlowRow, place: Place, token: Token): Jar | undefined {
  return row.jar instanceof Box ? row.jar.open(token.text, place, token.bytes) : undefined;
}

/** The flow in a row that can be read. */
export function flowOf(flowId: string, row: FlowRow): Flow {
  const { status, view, deadline, createdAt, attempts, userId } = row;
  const { resumeTries, resumeAt, pollAt } = row;
  const next = row.next.filter((step) => isStep(step));
  const more = view.more?.filter((detail) => largeDetails.includes(detail));
  return {
    ...{ flowId, status, next, deadline, createdAt, attempts },
    details: more === undefined ? view : { ...view, more },
    credentialTries: row.credentialTries ?? 0,
    claim: row.claim && claimOf(row.claim),
    ...{ resumeTries, resumeAt, pollAt, userId },
  };
}

function claimOf({ id, step, until, doubtful = false }: RowClaim): Claim {
  return { id, step: isStep(step) ? step : undefined, until, doubtful };
}

/** The members that an answer of PingOne decides. */
export function stateMembers({ status, next, details, deadline }: FlowState) {
  return { status, next, view: details, ...endMembers(deadline) };
}

/** The members that end a flow's life: epoch milliseconds in, and seconds for the clean-up, never before. */
export function endMembers(deadline: number) {
  return { deadline, ttl: Math.ceil(deadline / 1000) };
}

/** The row without these members: as DynamoDB removes attributes. */
export function without(
  row: FlowRow,
  ...names: readonly ("claim" | "jar" | "pollAt" | "previous")[]
): FlowRow {
  const left = { ...row };
  for (const name of names) delete left[name];
  return left;
}

/** Where a row's boxes belong. */
export function placeOf(environment: string, flowId: string, row: FlowRow): Place {
  return { environment, flowId, version: row.v };
}

/** Which of the row's tokens this is. */
export function tokenKind(row: FlowRow, token: Token): FlowRecord["token"] {
  if (row.tokenHash === token.hash) return "current";
  return row.previous?.tokenHash === token.hash ? "previous" : "none";
}

/** Who asks for a row, and with what. */
export interface Asker {
  readonly environment: string;
  readonly flowId: string;
  readonly token: Token | undefined;
  /** Without it no reply is given again. */
  readonly canonical?: string | undefined;
}

/** What a row tells somebody: nothing without one of its tokens. */
export function foundIn(row: FlowRow, asker: Asker): FlowRecord {
  const { environment, flowId, token, canonical } = asker;
  const kind = token === undefined || row.env !== environment ? "none" : tokenKind(row, token);
  if (token === undefined || kind === "none" || !isReadable(row)) return { token: kind, flow: undefined };
  const place = placeOf(environment, flowId, row);
  const flow = flowOf(flowId, row);
  return kind === "current"
    ? { token: kind, flow, jar: jarIn(row, place, token) }
    : { token: kind, flow, replay: replayOf(row, place, token, canonical) };
}

function replayOf({ previous }: FlowRow, place: Place, token: Token, canonical: string | undefined) {
  if (canonical === undefined || previous === undefined || (previous.misses ?? 0) >= mostMisses) {
    return undefined;
  }
  return previous.reply.open(replyKey(token, digestOf(token, canonical)), place, token.bytes);
}
