import type { Application } from "./application.ts";
import type { FlowDetails, PassingDetails } from "./details.ts";
import type { BrowserLeg } from "./flow.ts";
import type { Jar } from "./jar.ts";
import type { FailureCode, Rejected } from "./reasons.ts";
import type { StepCommand, StepName } from "./steps.ts";
import type { Tokens } from "./tokens.ts";

/** What PingOne is told of the person's own device, since mails and risk rules need it. */
export interface DeviceContext {
  readonly userAgent?: string | undefined;
  readonly acceptLanguage?: string | undefined;
  /** Its IP address as the gateway saw it: for a start that is signed. */
  readonly address?: string | undefined;
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
  /** Whom an ID token has named, by PingOne's id: a hint that is signed. */
  readonly subject?: string | undefined;
  /** How long ago the person may have signed on: seconds. */
  readonly maxAge?: number | undefined;
}

/** Whether a start names somebody, so that PingOne may send them a message. */
export function namesSomebody({ loginHint, subject }: Pick<StartCommand, "loginHint" | "subject">): boolean {
  return loginHint !== undefined || subject !== undefined;
}

/**
 * Whose an ID token is. `refused`: it is not one that PingOne has just issued to the application.
 * `unavailable`: PingOne's keys can't be had just now. `early`: its key may be newer than they are, and they
 * can be looked at again after so many seconds.
 */
export type IdTokenReading =
  | { readonly kind: "verified"; readonly subject: string }
  | { readonly kind: "refused" }
  | { readonly kind: "unavailable" }
  | { readonly kind: "early"; readonly retryAfter: number };

/** A flow as PingOne described it in one answer. */
export interface UpstreamFlow {
  readonly status: string;
  /** The keys of its links: names of actions. */
  readonly actions: readonly string[];
  readonly details: FlowDetails;
  /** What is too large to be kept, as `more` in the details says. */
  readonly passing?: PassingDetails | undefined;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** `expiresAt` less PingOne's own `Date`, in milliseconds: never 0, since PingOne has just moved it on. */
  readonly lifetimeMs: number;
  /** PingOne's id of the person, once they are known to it. */
  readonly userId?: string | undefined;
}

/**
 * How a call to PingOne went, in our words.
 *
 * | kind          | PingOne acted | meaning                                                        |
 * |---------------|---------------|----------------------------------------------------------------|
 * | `flow`        | yes           | it answered with the flow                                      |
 * | `authorized`  | yes           | resume gave the code                                           |
 * | `redeemed`    | yes           | the token endpoint gave tokens                                 |
 * | `rejected`    | yes           | what the person gave was wrong                                 |
 * | `locked`      | yes           | account or device is locked                                    |
 * | `failed`      | yes           | the person can't sign on by this flow                          |
 * | `gone`        | no            | PingOne has no such flow any more                              |
 * | `signed-out`  | no            | the session is gone, or the code: PingOne no longer knows it    |
 * | `denied`      | yes           | PingOne ended the sign-on with an OAuth error                  |
 * | `unsupported` | maybe         | PingOne speaks another protocol                                |
 * | `rate-limited`| no            | too many calls                                                 |
 * | `refused`     | no            | the call was turned away before its credential was looked at   |
 * | `unsent`      | no            | proved that nothing was written                                |
 * | `doubtful`    | maybe         | time-out, broken connection, 5xx or an answer we can't read    |
 *
 * The `flow` of a refusal is the flow that it came with: whether it has ended is said by its status, never by
 * the reason. Without one the flow is where it was.
 */
export type UpstreamAnswer =
  | { readonly kind: "flow"; readonly flow: UpstreamFlow }
  | { readonly kind: "authorized"; readonly code: string }
  | { readonly kind: "redeemed"; readonly tokens: Tokens }
  | Refusal
  | { readonly kind: "gone" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "denied" }
  | { readonly kind: "unsupported" }
  | { readonly kind: "refused" }
  | { readonly kind: "unsent" }
  | { readonly kind: "doubtful" };

/** A refusal for a reason that PingOne gave. */
export type Refusal = { readonly flow?: UpstreamFlow | undefined } & (
  | ({ readonly kind: "rejected" } & Rejected)
  | { readonly kind: "locked"; readonly retryAfter?: number | undefined }
  | { readonly kind: "failed"; readonly failure?: FailureCode | undefined }
  | { readonly kind: "rate-limited"; readonly retryAfter: number }
);

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

/** What new tokens are asked for with. */
export interface RefreshCommand {
  readonly applicationName: string;
  readonly application: Application;
  readonly refreshToken: string;
}

/** PingOne. Every method makes at most one call and never throws for what PingOne or the network does. */
export interface IdentityProvider {
  /**
   * Makes ready for a step's call that may follow, while its claim is being written. No request is sent.
   *
   * @returns lets go of what was made ready, where the call has not used it
   */
  prepare(): () => void;
  /**
   * Begins a flow (`/as/authorize` with `pi.flow`), drawing `state` and, where the client gave none, `nonce`.
   */
  start(command: StartCommand, device: DeviceContext): Promise<UpstreamReply>;
  /** Whose an ID token is. Only PingOne's keys are read for it, at most once a minute. */
  verify(idToken: string, application: Application): Promise<IdTokenReading>;
  /** Takes one step with the cookies held. */
  act(
    command: StepCommand,
    jar: Jar,
    application: Application,
    device: DeviceContext,
  ): Promise<UpstreamReply>;
  /**
   * Reads the flow. It carries no credential, but its answer may bring the session cookie, which comes once:
   * an outcome that can't be known is `doubtful`, as a step's is.
   *
   * @param step the one whose outcome is asked for
   */
  read(jar: Jar, device: DeviceContext, step: StepName): Promise<UpstreamReply>;
  /**
   * Where a browser begins a sign-on in the place of a flow that can't be led on; nothing where the jar
   * doesn't say for what. Nothing is sent.
   */
  browserLeg(jar: Jar, application: Application): BrowserLeg | undefined;
  /** Ends the session of the cookies held. An answer of `signed-out` says that it is gone. */
  signOff(jar: Jar, device: DeviceContext): Promise<Omit<UpstreamReply, "jar">>;
  /** Uses a refresh token. It is spent by that, so what is `doubtful` must not be asked again. */
  refresh(command: RefreshCommand, device: DeviceContext): Promise<Omit<UpstreamReply, "jar">>;
}
