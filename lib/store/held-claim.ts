import type { FlowState } from "../flow/flow.ts";
import type { Jar } from "../flow/jar.ts";
import { keptOf } from "../flow/reply.ts";
import {
  ClaimLost,
  type Commit,
  type HeldClaim,
  type OptionalWaiter,
  type UnusableClaim,
} from "../flow/store.ts";
import type { Counting } from "./attempts.ts";
import { assign, type Clause, claimIs, markClaim } from "./clauses.ts";
import {
  claimIdOf,
  deadlineAttributes,
  flowOf,
  keyOf,
  type Row,
  rowVersion,
  type StoredItem,
  stateAttributes,
  statusOf,
  tokenKindOf,
  waitedIn,
} from "./item.ts";
import type { Random } from "./seal.ts";
import { type Place, sameJar, sealAnswer, sealJar } from "./secrets.ts";
import type { FlowTable } from "./table.ts";
import { drawToken, encodeToken, hashToken, repetitionCheck, replySecret } from "./tokens.ts";

/** Where a flow stands that PingOne has forgotten. */
const expired = "EXPIRED";

/** A claim that the table has granted, on whatever row. */
interface BareGrant {
  readonly table: FlowTable;
  readonly claimId: string;
  /** What the claim has counted. */
  readonly counting: Counting;
}

/** A claim that the table has granted. */
export interface Grant extends BareGrant {
  readonly random: Random;
  readonly place: Place;
  readonly token: Uint8Array;
  /** The row with the claim in it. */
  readonly row: Row;
  /** End of the lease: epoch milliseconds. */
  readonly until: number;
  /** From {@link requestDigest}, for the request that the claim was made for. */
  readonly digest: Uint8Array;
  readonly jar: Jar;
}

/** The methods of a claim: each one conditional write. */
export function heldClaim(grant: Grant): HeldClaim {
  const { place, row, jar, counting } = grant;
  return {
    until: grant.until,
    hasCounted: counting.returned.length > 0,
    flow: flowOf(place.flowId, row),
    jar,
    commit: (result) => commit(grant, result),

    release: async (options) => {
      await endClaim(place.flowId, grant, {
        assignments: [
          ...jarChange(grant, options.jar),
          ...(options.state === undefined ? [] : assign(stateAttributes(options.state))),
          ...assign(pollTime(options)),
          ...(options.attemptReturned ? counting.returned : []),
        ],
        removals: ["claim"],
        done: (item) =>
          item["claim"] === undefined && tokenKindOf(item, hashToken(grant.token)) === "current",
      });
    },

    // A second try meets its own mark and writes the same again.
    markDoubtful: async (kept, { askAgainAt } = {}) => {
      await endClaim(place.flowId, grant, {
        assignments: [
          markClaim(),
          ...jarChange(grant, kept),
          ...(askAgainAt === undefined ? [] : assign({ resumeAt: askAgainAt })),
        ],
        removals: [],
        done: () => false,
      });
    },

    expire: (now) =>
      endClaim(place.flowId, grant, {
        assignments: [
          ...assign({ status: expired, next: [], view: {}, ...deadlineAttributes(now) }),
          ...counting.returned,
        ],
        removals: ["claim", "jar", "previous"],
        done: (item) => item["deadline"] === now && statusOf(item) === expired,
      }),
  };
}

/** A claim whose row has nothing in it to go on with. */
export function unusableClaim(flowId: string, item: StoredItem, grant: BareGrant): UnusableClaim {
  return {
    status: statusOf(item),
    end: (status) =>
      endClaim(flowId, grant, {
        assignments: [...assign({ status, next: [], view: {} }), ...grant.counting.returned],
        removals: ["claim", "jar"],
        done: (left) => claimIdOf(left) === undefined && statusOf(left) === status,
      }),
  };
}

async function commit(grant: Grant, { state, jar, reply, pollAt }: Commit): ReturnType<HeldClaim["commit"]> {
  const { table, random, row, token, digest } = grant;
  const next = drawToken(random);
  const tokenHash = hashToken(next);
  const flowToken = encodeToken(next);
  const place = { ...grant.place, version: rowVersion };
  const counter = nextCounter(row);
  const secret = replySecret(token, digest);
  const kept = sealAnswer(place, secret, counter, { reply: keptOf(reply), flowToken }, random);
  const written = await table.update(keyOf(place.flowId), {
    conditions: [claimIs(grant.claimId)],
    assignments: assign({
      ...stateAttributes(state),
      ...pollTime({ pollAt }),
      ...(row.watched === true ? watchedAttributes(row, state) : {}),
      v: rowVersion,
      tokenHash,
      jar: sealJar(place, next, counter, jar, random),
      previous: { tokenHash: hashToken(token), reply: kept, check: repetitionCheck(secret), misses: 0 },
    }),
    removals: pollAt === undefined ? ["claim", "pollAt"] : ["claim"],
  });
  // A row with the token just drawn, be it superseded already, can only be what an earlier try of this write
  // left.
  const ours = written.item !== undefined && tokenKindOf(written.item, tokenHash) !== "none";
  if (written.kind === "refused" && !ours) {
    throw new ClaimLost("The claim was taken over before its result was stored.");
  }
  return { flowToken, ...waitedIn(written.item) };
}

function pollTime({ pollAt }: Pick<Commit, "pollAt">) {
  return pollAt === undefined ? {} : { pollAt };
}

/** For whoever waits: whose flow it was, and the row no sooner gone than it would have been. */
function watchedAttributes(row: Row, { deadline, userId }: FlowState) {
  const { ttl } = deadlineAttributes(deadline);
  return { ttl: Math.max(ttl, row.ttl), ...(userId === undefined ? {} : { userId }) };
}

interface ClaimEnd {
  readonly assignments: readonly Clause[];
  readonly removals: readonly string[];
  /** Whether a row that refused the write shows that an earlier try of it went through. */
  done(item: StoredItem): boolean;
}

async function endClaim(
  flowId: string,
  { table, claimId }: BareGrant,
  { assignments, removals, done }: ClaimEnd,
): Promise<OptionalWaiter> {
  const written = await table.update(keyOf(flowId), {
    conditions: [claimIs(claimId)],
    assignments,
    removals,
  });
  if (
    written.kind === "refused" &&
    !(written.tries > 1 && written.item !== undefined && done(written.item))
  ) {
    throw new ClaimLost("The claim is no longer ours.");
  }
  return waitedIn(written.item);
}

function jarChange({ place, token, row, jar, random }: Grant, now: Jar): Clause[] {
  return sameJar(jar, now) ? [] : assign({ jar: sealJar(place, token, nextCounter(row), now, random) });
}

function nextCounter(row: Row): number {
  return (row.jar?.counter ?? 0) + 1;
}
