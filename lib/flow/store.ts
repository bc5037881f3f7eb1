import type { Flow, FlowState, KnownClaim } from "./flow.ts";
import type { Jar } from "./jar.ts";
import type { Answer, KeptReply, Redemption } from "./reply.ts";
import type { StepName } from "./steps.ts";

/** Who asks, and for which flow. */
export interface FlowKey {
  readonly flowId: string;
  readonly flowToken: string;
}

/** What the store tells of a flow to somebody who named it. */
export interface FlowRecord {
  /** Which of the flow's tokens was shown: without one of them nothing may be told. */
  readonly token: "current" | "previous" | "none";
  /** Absent when the row was written in a format that this release doesn't read. */
  readonly flow: Flow | undefined;
  /** Opened only for the current token. */
  readonly jar?: Jar | undefined;
  /** The last committed answer: only for the previous token together with the request that bought it. */
  readonly replay?: Answer | undefined;
}

/** The conditions of a claim. */
export interface ClaimRequest extends FlowKey {
  readonly step: StepName;
  /** {@link canonicalRequest} of the command: tells a repetition from another request. */
  readonly canonical: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** End of the lease: epoch milliseconds. */
  readonly until: number;
  /** Attempts a flow may have; absent when the step isn't counted. */
  readonly attemptLimit: number | undefined;
  /** Credentials that may be tried in a flow; absent when the step tries none. */
  readonly credentialLimit?: number | undefined;
}

/**
 * The conditions of settling: the doubtful claim that was seen must still be there, and a resume's time have
 * come.
 */
export interface TakeOverRequest extends FlowKey {
  readonly seen: KnownClaim;
  /** Epoch milliseconds. */
  readonly now: number;
  /** End of the settling claim's lease: epoch milliseconds. */
  readonly until: number;
}

/** A claim that was won, or what the store found instead; `found` is absent for a flow it doesn't have. */
export type ClaimResult =
  | { readonly kind: "held"; readonly claim: HeldClaim }
  | {
      readonly kind: "refused";
      readonly found: FlowRecord | undefined;
      /** Sent more than once: an earlier try may have won the claim, and others have ended it since. */
      readonly isRetried?: boolean | undefined;
    }
  | { readonly kind: "unusable"; readonly claim: UnusableClaim };

/** The result of a step, to be made durable. */
export interface Commit {
  readonly state: FlowState;
  readonly jar: Jar;
  readonly reply: KeptReply | ({ readonly kind: "redeemed" } & Redemption);
  /** When a push may be polled next: epoch milliseconds. Without it, at once. */
  readonly pollAt?: number | undefined;
}

/** What a doubt remembers. */
export interface DoubtOptions {
  /** When a doubtful resume may be asked again: epoch milliseconds. */
  readonly askAgainAt?: number | undefined;
}

/** What letting go of a claim changes all the same. */
export interface Release {
  /** With every cookie PingOne sent. */
  readonly jar: Jar;
  readonly attemptReturned: boolean;
  /** Where PingOne slid the flow's expiry without moving it on. */
  readonly state?: FlowState | undefined;
  /** When a push may be polled next: epoch milliseconds. Without it, the row's own time stays. */
  readonly pollAt?: number | undefined;
}

/**
 * The right to take one step, held until one of its methods succeeds or its lease ends. Each method is one
 * conditional write; it throws {@link StoreUnavailable} when the store didn't answer in time and {@link
 * ClaimLost} when the claim is no longer ours.
 */
export interface HeldClaim {
  /** End of the lease: epoch milliseconds. */
  readonly until: number;
  /** Whether the claim itself has counted an attempt, which it can give back. */
  readonly hasCounted: boolean;
  readonly flow: Flow;
  readonly jar: Jar;
  /** Stores the result, draws the next flow token, and keeps {@link keptOf} the reply for a repetition. */
  commit(result: Commit): Promise<OptionalWaiter & { readonly flowToken: string }>;
  /** Lets go with nothing changed but what `release` names; the flow token stays. */
  release(release: Release): Promise<void>;
  /** Keeps the claim as a doubt to be settled, and the cookies PingOne sent; the flow token stays. */
  markDoubtful(jar: Jar, options?: DoubtOptions): Promise<void>;
  /**
   * Lets go and ends the flow's life at `now` (epoch milliseconds), dropping its secrets; gives back what was
   * counted.
   */
  expire(now: number): Promise<OptionalWaiter>;
}

/**
 * A claim that was won on a row that nobody can go on with: its jar doesn't open for the token, or something
 * in it is not as this release writes it. All that can be done is to end the flow.
 */
export interface UnusableClaim {
  /** The status in the row, where it has one. */
  readonly status: string;
  /**
   * One conditional write, with the failures of {@link HeldClaim}'s: lets go, with this status and nothing
   * left to do, drops the jar, and gives back what the claim has counted.
   */
  end(status: string): Promise<OptionalWaiter>;
}

/** Who waits for the flow, as the row that was written or removed says: what {@link WatchRequest} brought. */
export interface OptionalWaiter {
  readonly waiter?: Uint8Array | undefined;
}

/** A look at a flow by somebody who holds none of its tokens, and whom IAM has let through. */
export interface WatchRequest {
  readonly flowId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Kept for whoever ends the flow, in the place of an earlier one; not where it is over. Sealed bytes. */
  readonly waiter?: Uint8Array | undefined;
}

/** Who is to hold a flow that another one starts: what the token's owner gives away of it. */
export interface Holder {
  /** SHA-256 of the flow token. */
  readonly tokenHash: Uint8Array;
  /** The X25519 public key (RFC 7748 §5) to the flow token, which is its private key: 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** A start that is to happen once. */
export interface StartKey {
  /** The client's own key: a secret of at least 128 bits. */
  readonly idempotencyKey: string;
  /** {@link canonicalStart} of the request: tells a repetition from another request. */
  readonly canonical: string;
}

/** The conditions of a start under a key: there is no flow under it, or it has expired by `now`. */
export interface OpenRequest extends StartKey {
  /** The flow as it is until PingOne has begun it. */
  readonly flow: NewFlow;
  /** What the claim is held as. */
  readonly step: StepName;
  /** Epoch milliseconds. */
  readonly now: number;
  /** End of the lease: epoch milliseconds. */
  readonly until: number;
}

/**
 * The claim on a row that was put for a start, or the row that was there. `isSame` says whether that row was
 * put for the same request.
 */
export type StartResult =
  | { readonly kind: "held"; readonly claim: HeldClaim }
  | {
      readonly kind: "refused";
      /** Made of the start's key and request: names the flow, and shows its first token. */
      readonly key: FlowKey;
      readonly found: FlowRecord | undefined;
      readonly isSame: boolean;
    };

/** Where flows live between requests. */
export interface FlowStore {
  /** Puts a new flow and draws its id (UUID v4) and first token. */
  create(flow: NewFlow): Promise<FlowKey>;
  /** The same for somebody else to hold, who has drawn the token: gives the id. */
  createFor(holder: Holder, flow: NewFlow): Promise<string>;
  /**
   * One conditional write: puts a claimed row whose id is made of the key, and whose first token is made of
   * key and request. So a repetition finds it, and shows the right to it.
   */
  open(request: OpenRequest): Promise<StartResult>;
  /**
   * One consistent read.
   *
   * @param canonical {@link canonicalRequest} of what the reader may have asked before: its reply is then
   *   found again
   */
  read(key: FlowKey, canonical?: string): Promise<FlowRecord | undefined>;
  /**
   * One conditional write: at most one claim is held on a flow at a time, and none for a poll whose time has
   * not come.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /**
   * One conditional write: takes a doubtful claim over, so that only one request settles it. What is
   * committed under it is the answer to the request that fell into doubt.
   */
  takeOver(request: TakeOverRequest): Promise<ClaimResult>;
  /** One conditional delete; gives the status it found, or what it found instead of a removable flow. */
  remove(
    key: FlowKey,
    now: number,
  ): Promise<
    | ({ readonly kind: "removed"; readonly status?: string | undefined } & OptionalWaiter)
    | (ClaimResult & { kind: "refused" })
  >;
  /**
   * One consistent read, or one conditional write where there is a waiter, and one more where it takes
   * another's place; opens no secret.
   */
  watch(request: WatchRequest): Promise<WatchedFlow | undefined>;
}

/** A flow that was looked at; nothing in it when its row is in a format this release doesn't read. */
interface WatchedFlow {
  readonly flow: Flow | undefined;
  /** Whether this look left its waiter on a flow that was not over: whoever ends the flow tells them. */
  readonly isKept: boolean;
  /** The waiter whose place was taken. */
  readonly replaced?: Uint8Array | undefined;
}

/** A flow that PingOne has just begun. */
export interface NewFlow {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly state: FlowState;
  readonly jar: Jar;
}

/** The store didn't answer within its budget: the write may or may not have happened. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** The claim is no longer ours: its lease ended and the flow went on, or is gone. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}
