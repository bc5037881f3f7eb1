import type { Jar } from "../../../lib/flow/jar.ts";
import { keptOf } from "../../../lib/flow/reply.ts";
import {
  ClaimLost,
  type Commit,
  type HeldClaim,
  type OptionalWaiter,
  type UnusableClaim,
} from "../../../lib/flow/store.ts";
import { Box } from "./box.ts";
import {
  endMembers,
  type FlowRow,
  flowOf,
  keyOf,
  placeOf,
  type RowClaim,
  readableVersion,
  stateMembers,
  tokenKind,
  without,
} from "./flow-row.ts";
import { type Counting, counted, type Model } from "./model.ts";
import { checkOf, drawToken, replyKey, type Token } from "./tokens.ts";

/** A claim that the table has granted, on whatever row. */
export interface BareGrant {
  readonly model: Model;
  readonly flowId: string;
  /** The row with the claim in it. */
  readonly row: FlowRow;
  readonly claim: RowClaim;
  readonly counting: Counting;
}

/** A claim that the table has granted. */
export interface Grant extends BareGrant {
  readonly token: Token;
  readonly jar: Jar;
}

/** The methods of a claim: each one conditional write. */
export function heldClaim(grant: Grant): HeldClaim {
  const { flowId, row, claim, jar, counting } = grant;
  return {
    ...{ until: claim.until, flow: flowOf(flowId, row), jar, hasCounted: counting.length > 0 },
    commit: (result) => commit(grant, result),

    release: async ({ jar: now, attemptReturned, state, pollAt }) => {
      await end(grant, "release", {
        makes: (there) => ({
          ...without(attemptReturned ? counted(there, counting, -1) : there, "claim"),
          ...(state === undefined ? {} : stateMembers(state)),
          ...(pollAt === undefined ? {} : { pollAt }),
          ...jarChange(grant, now),
        }),
        isDone: (there) => there.claim === undefined && tokenKind(there, grant.token) === "current",
      });
    },

    markDoubtful: async (kept, { askAgainAt } = {}) => {
      await end(grant, "mark doubtful", {
        makes: (there) => ({
          ...there,
          ...(there.claim && { claim: { ...there.claim, doubtful: true } }),
          ...jarChange(grant, kept),
          ...(askAgainAt === undefined ? {} : { resumeAt: askAgainAt }),
        }),
        isDone: () => false,
      });
    },

    expire: (now) =>
      end(grant, "expire", {
        makes: (there) => ({
          ...without(counted(there, counting, -1), "claim", "jar", "previous"),
          ...{ status: "EXPIRED", next: [], view: {} },
          ...endMembers(now),
        }),
        isDone: (there) => there.deadline === now && there.status === "EXPIRED",
      }),
  };
}

/** A claim whose row has nothing in it to go on with. */
export function unusableClaim(grant: BareGrant): UnusableClaim {
  return {
    status: grant.row.status,
    end: (status) =>
      end(grant, "end", {
        makes: (there) => ({
          ...without(counted(there, grant.counting, -1), "claim", "jar"),
          ...{ status, next: [], view: {} },
        }),
        isDone: (there) => there.claim === undefined && there.status === status,
      }),
  };
}

interface End {
  makes(row: FlowRow): FlowRow;
  /** Whether a row that refused the write shows that an earlier try of it went through. */
  isDone(row: FlowRow): boolean;
}

async function end(
  { model, flowId, claim }: BareGrant,
  purpose: string,
  { makes, isDone }: End,
): Promise<OptionalWaiter> {
  const { kind, row, tries } = await model.send({
    ...{ pk: keyOf(flowId), operation: "UpdateItem", purpose },
    when: (there) => there?.claim?.id === claim.id,
    makes: (there) => there && makes(there),
  });
  if (kind === "refused" && !(tries > 1 && row !== undefined && isDone(row))) {
    throw new ClaimLost("The claim is no longer ours.");
  }
  return { waiter: row?.waiter };
}

async function commit(grant: Grant, { state, jar, reply, pollAt }: Commit): ReturnType<HeldClaim["commit"]> {
  const { model, flowId, token, row, claim } = grant;
  const next = drawToken(model.draw);
  const place = { ...placeOf(model.environment, flowId, row), version: readableVersion };
  const counter = nextCounter(row);
  const secret = replyKey(token, claim.digest);
  const kept = { reply: keptOf(reply), flowToken: next.text };
  const previous = {
    tokenHash: token.hash,
    reply: Box.around(kept, { lock: { secret }, place, counter }),
    ...{ check: checkOf(secret), misses: 0 },
  };
  const { kind, row: left } = await model.send({
    ...{ pk: keyOf(flowId), operation: "UpdateItem", purpose: "commit" },
    when: (there) => there?.claim?.id === claim.id,
    makes: (there) =>
      there && {
        ...without(there, "claim", "pollAt"),
        ...stateMembers(state),
        ...(pollAt === undefined ? {} : { pollAt }),
        ...(row.watched === true ? watchedMembers(row, state) : {}),
        ...{ v: readableVersion, tokenHash: next.hash, previous },
        jar: Box.around(jar, { lock: { secret: next.text }, place, counter }),
      },
  });
  // A row with the token just drawn can only be what an earlier try of this write left.
  const isOurs = left !== undefined && tokenKind(left, next) !== "none";
  if (kind === "refused" && !isOurs) throw new ClaimLost("The claim was taken over.");
  return { flowToken: next.text, waiter: left?.waiter };
}

function watchedMembers(row: FlowRow, { deadline, userId }: Commit["state"]) {
  const { ttl } = endMembers(deadline);
  return { ttl: Math.max(ttl, row.ttl), ...(userId === undefined ? {} : { userId }) };
}

function jarChange({ model, flowId, token, row, jar }: Grant, now: Jar): Pick<FlowRow, "jar"> {
  if (JSON.stringify(jar) === JSON.stringify(now)) return {};
  const place = placeOf(model.environment, flowId, row);
  return { jar: Box.around(now, { lock: { secret: token.text }, place, counter: nextCounter(row) }) };
}

function nextCounter({ jar }: FlowRow): number {
  return (jar?.counter ?? 0) + 1;
}
