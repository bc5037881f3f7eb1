import type { FlowProblem } from "./errors.ts";
import type { Claim, Flow, FlowDetails, FlowState, FlowView } from "./flow.ts";
import type { StepCommand, StepName } from "./steps.ts";

/** The time, as epoch milliseconds. */
export interface Clock {
  now(): number;
}

/** A cookie of PingOne's, without the attributes that only a browser needs. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Epoch milliseconds; absent for a session cookie. */
  readonly expiresAt?: number | undefined;
}

/** Everything PingOne gave that is worth stealing. It rests only in sealed form. */
export interface Jar {
  /** PingOne's id of the flow, which may change midway. */
  readonly upstreamFlowId: string;
  readonly cookies: readonly Cookie[];
  readonly state: string;
  readonly nonce: string;
  /** The name of the application the flow was started for. */
  readonly application: string;
  /** The authorization code, once the flow has been resumed. */
  readonly code?: string | undefined;
  /** Where answers tell little: what the client must not learn of the person named, until they have proved themselves. */
  readonly standing?: Standing | undefined;
  /** PingOne's id of the device that was chosen, where answers don't tell it. */
  readonly selectedDevice?: string | undefined;
}

/**
 * `named`: PingOne knows the person, and nobody has shown yet to be them. `decoy`: the flow leads nowhere, and looks
 * like one that was only named. The words are of the same length, so that what is sealed is as well.
 */
export type Standing = "named" | "decoy";

/** What a step answers: the flow as it is now, the authorization code, or a problem. */
export type Reply =
  | { readonly kind: "view"; readonly view: FlowView }
  | ({ readonly kind: "authorized" } & Authorization)
  | { readonly kind: "problem"; readonly problem: FlowProblem }
  | { readonly kind: "cancelled" };

/** What the client needs to redeem the code with its own PKCE verifier and to check the ID token. */
export interface Authorization {
  readonly code: string;
  readonly state: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** A reply, and the next flow token where a commit drew one. */
export interface Answer {
  readonly reply: Reply;
  readonly flowToken?: string | undefined;
  /** When we stop acting on a flow just begun: epoch milliseconds. */
  readonly deadline?: number | undefined;
}

/** Who asks, and for which flow. */
export interface FlowKey {
  readonly flowId: string;
  readonly flowToken: string;
}

/** What the store tells of a flow to somebody who named it. */
export interface Found {
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

/** The conditions of settling: the doubtful claim that was seen must still be there. */
export interface SettleRequest extends FlowKey {
  readonly seen: Claim;
  /** Epoch milliseconds. */
  readonly now: number;
  /** End of the settling claim's lease: epoch milliseconds. */
  readonly until: number;
}

/** A claim that was won, or what the store found instead; `found` is absent for a flow it doesn't have. */
export type ClaimResult =
  | { readonly kind: "held"; readonly claim: HeldClaim }
  | { readonly kind: "refused"; readonly found: Found | undefined };

/** The result of a step, to be made durable. */
export interface Commit {
  readonly state: FlowState;
  readonly jar: Jar;
  readonly reply: Reply;
}

/** What a doubt remembers. */
export interface DoubtOptions {
  /** PingOne proved not to have been asked for a resume once more: it may still be. */
  readonly resumeNotAsked?: boolean | undefined;
}

/** What letting go of a claim changes all the same. */
export interface Release {
  /** With every cookie PingOne sent. */
  readonly jar: Jar;
  readonly attemptReturned: boolean;
  /** Where PingOne slid the flow's expiry without moving it on. */
  readonly state?: FlowState | undefined;
}

/**
 * The right to take one step, held until one of its methods succeeds or its lease ends.
 * Each method is one conditional write; it throws {@link StoreUnavailable} when the store didn't answer in time
 * and {@link ClaimLost} when the claim is no longer ours.
 */
export interface HeldClaim {
  /** End of the lease: epoch milliseconds. */
  readonly until: number;
  readonly flow: Flow;
  readonly jar: Jar;
  /** Stores the result, draws the next flow token, and keeps the reply for a repetition. */
  commit(result: Commit): Promise<Waited & { readonly flowToken: string }>;
  /** Lets go with nothing changed but what `release` names; the flow token stays. */
  release(release: Release): Promise<void>;
  /** Keeps the claim as a doubt to be settled, and the cookies PingOne sent; the flow token stays. */
  markDoubtful(jar: Jar, options?: DoubtOptions): Promise<void>;
  /** Lets go and ends the flow's life at `now` (epoch milliseconds), dropping its secrets. */
  expire(now: number): Promise<Waited>;
}

/** Who waits for the flow, as the row that was written or removed says: what {@link WatchRequest} brought. */
export interface Waited {
  readonly waiter?: Uint8Array | undefined;
}

/** A look at a flow by somebody who holds none of its tokens, and whom IAM has let through. */
export interface WatchRequest {
  readonly flowId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Kept in the row for whoever ends the flow, in the place of an earlier one; sealed bytes. */
  readonly waiter?: Uint8Array | undefined;
}

/** Who is to hold a flow that another one starts: what the token's owner gives away of it. */
export interface Holder {
  /** SHA-256 of the flow token. */
  readonly tokenHash: Uint8Array;
  /** The X25519 public key (RFC 7748 §5) to the flow token, which is its private key: 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Where flows live between requests. */
export interface FlowStore {
  /** Puts a new flow and draws its id (UUID v4) and first token. */
  create(flow: NewFlow): Promise<FlowKey>;
  /** The same for somebody else to hold, who has drawn the token: gives the id. */
  createFor(holder: Holder, flow: NewFlow): Promise<string>;
  /**
   * One consistent read.
   *
   * @param canonical {@link canonicalRequest} of what the reader may have asked before: its reply is then found again
   */
  read(key: FlowKey, canonical?: string): Promise<Found | undefined>;
  /** One conditional write: at most one claim is held on a flow at a time. */
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /**
   * One conditional write: takes a doubtful claim over, so that only one request settles it. What is committed
   * under it is the answer to the request that fell into doubt.
   */
  settle(request: SettleRequest): Promise<ClaimResult>;
  /** One conditional delete; gives the status it found, or what it found instead of a removable flow. */
  remove(
    key: FlowKey,
    now: number,
  ): Promise<
    | ({ readonly kind: "removed"; readonly status?: string | undefined } & Waited)
    | (ClaimResult & { kind: "refused" })
  >;
  /** One consistent read, or one conditional write where there is a waiter; opens no secret. */
  watch(request: WatchRequest): Promise<Watched | undefined>;
}

/** A flow that was looked at; nothing in it when its row is in a format this release doesn't read. */
interface Watched {
  readonly flow: Flow | undefined;
}

/** One try that is held against a limit. */
export interface LimitedTry {
  /** What the limit is for: only its keyed hash is kept. */
  readonly subject: readonly string[];
  /** Tries at once, and in each window once those are used up. */
  readonly limit: number;
  /** Milliseconds. */
  readonly windowMs: number;
}

/** Counts tries, so that they slow down: after a burst of `limit`, one is let through each `windowMs / limit`. */
export interface RateLimiter {
  /**
   * Counts one try against each of its limits, with one conditional write for each that nobody is using, and two for
   * one that somebody is. A try that is refused counts for nothing against the limit that refused it.
   *
   * @param now epoch milliseconds
   * @returns how long to wait for the limit that is furthest away, in milliseconds; 0 where all let it through
   * @throws StoreUnavailable when nobody can say
   */
  admit(tries: readonly LimitedTry[], now: number): Promise<number>;
}

/** How a flow has ended, or that only its code is left to be fetched. */
export interface Completion {
  readonly flowId: string;
  /** PingOne's status word, or one of ours; `EXPIRED` and `CANCELLED` for what leaves no status behind. */
  readonly status: string;
  /** PingOne's id of the person, where it is known. */
  readonly userId?: string | undefined;
}

/** Tells whoever waits for a flow. */
export interface CompletionReporter {
  /**
   * A report is advice: one that is lost, or throws, is made up for by the waiter's own time-out.
   *
   * @returns whether it has arrived
   */
  report(waiter: Uint8Array, completion: Completion): Promise<boolean>;
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

/** An OIDC application of PingOne's that flows may be started for. */
export interface Application {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Sign-on policies a client may ask for, as `acr_values`; the first is the default. */
  readonly policies: readonly string[];
}

/** What PingOne is told of the person's own device, since mails and risk rules need it. */
export interface DeviceContext {
  readonly userAgent?: string | undefined;
  readonly acceptLanguage?: string | undefined;
}

/** What starts a flow. */
export interface StartCommand {
  readonly applicationName: string;
  readonly application: Application;
  /** One of the application's, as `acr_values`; without it PingOne chooses. */
  readonly policy: string | undefined;
  /** PKCE, S256 (RFC 7636). The verifier stays with the client. */
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  readonly loginHint: string | undefined;
}

/** A flow as PingOne described it in one answer. */
export interface UpstreamFlow {
  readonly status: string;
  /** The keys of its links: names of actions. */
  readonly actions: readonly string[];
  readonly details: FlowDetails;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** `expiresAt` less PingOne's own `Date`, in milliseconds; 0 where that has passed. */
  readonly lifetimeMs: number;
  /** PingOne's id of the person, once they are known to it. */
  readonly userId?: string | undefined;
  /** The code in the flow's `error`, when it has failed. */
  readonly failure?: string | undefined;
}

/**
 * How a call to PingOne went, in our words.
 *
 * | kind          | PingOne acted | meaning                                                        |
 * |---------------|---------------|----------------------------------------------------------------|
 * | `flow`        | yes           | it answered with the flow                                      |
 * | `authorized`  | yes           | resume gave the code                                           |
 * | `rejected`    | yes           | the credential was wrong; the flow goes on                     |
 * | `locked`      | yes           | account or device is locked                                    |
 * | `gone`        | no            | PingOne has no such flow any more                              |
 * | `signed-out`  | no            | resume was sent to the sign-on page: the session cookie is gone |
 * | `denied`      | yes           | PingOne ended the sign-on with an OAuth error                  |
 * | `unsupported` | maybe         | PingOne speaks another protocol                                |
 * | `rate-limited`| no            | too many calls                                                 |
 * | `refused`     | no            | the call was turned away before its credential was looked at   |
 * | `unsent`      | no            | proved that nothing was written                                |
 * | `doubtful`    | maybe         | time-out, broken connection, 5xx or an answer we can't read    |
 */
export type UpstreamAnswer =
  | { readonly kind: "flow"; readonly flow: UpstreamFlow }
  | { readonly kind: "authorized"; readonly code: string }
  | {
      readonly kind: "rejected";
      /** Where PingOne sent the flow along with the rejection. */
      readonly flow?: UpstreamFlow | undefined;
      readonly attemptsRemaining?: number | undefined;
    }
  | { readonly kind: "locked"; readonly retryAfter?: number | undefined }
  | { readonly kind: "gone" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "denied" }
  | { readonly kind: "unsupported" }
  | { readonly kind: "rate-limited"; readonly retryAfter: number }
  | { readonly kind: "refused" }
  | { readonly kind: "unsent" }
  | { readonly kind: "doubtful" };

/** One call's answer, and the jar with every cookie that came with it, whatever the answer was. */
export interface UpstreamReply {
  readonly answer: UpstreamAnswer;
  readonly jar: Jar;
  /** PingOne's `Correlation-Id`, for the log. */
  readonly correlationId?: string | undefined;
  /** PingOne's HTTP status, for the log; absent when there was no answer. */
  readonly httpStatus?: number | undefined;
  /** The answer leaves out that PingOne has locked the account or device, which only the log may say. */
  readonly hidesLock?: boolean | undefined;
}

/** PingOne. Every method makes at most one call and never throws for what PingOne or the network does. */
export interface IdentityProvider {
  /** Begins a flow (`/as/authorize` with `pi.flow`), drawing `state` and, where the client gave none, `nonce`. */
  start(command: StartCommand, device: DeviceContext): Promise<UpstreamReply>;
  /** Takes one step with the cookies held. */
  act(
    command: StepCommand,
    jar: Jar,
    application: Application,
    device: DeviceContext,
  ): Promise<UpstreamReply>;
  /**
   * Reads the flow: spends nothing.
   *
   * @param asStep where the read stands in for a step: an outcome that can't be known is then `doubtful`, as the
   *   step's would be, and not `unsent`
   */
  read(jar: Jar, device: DeviceContext, asStep?: "as-step"): Promise<UpstreamReply>;
}
