import type { Application } from "./application.ts";
import type { Budgets } from "./budgets.ts";
import type { Clock } from "./clock.ts";
import type { AttemptLimits } from "./flow.ts";
import type { CorrelationId, StatusWord } from "./log-text.ts";
import type { DeviceContext, IdentityProvider } from "./provider.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { CompletionReporter } from "./reporter.ts";
import type { FlowKey, FlowStore } from "./store.ts";

/** What every operation on flows needs. */
export interface FlowPorts {
  readonly store: FlowStore;
  readonly provider: IdentityProvider;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly settings: FlowSettings;
  /** Absent where no workflow waits. */
  readonly reporter?: CompletionReporter | undefined;
}

/** How often a name may be asked about. */
interface NameLimits {
  /** The same name, from the same network. */
  readonly perName: number;
  /** Any names, from the same network. */
  readonly perNetwork: number;
  /** What both are counted over: milliseconds. */
  readonly windowMs: number;
}

/** How many messages PingOne may be made to send. */
interface MessageLimits {
  /** To the same person, from the same network. */
  readonly perPerson: number;
  /** What they are counted over: milliseconds. */
  readonly windowMs: number;
}

/**
 * What answers tell of the person named. `hints`: what PingOne tells, with masked addresses. `minimal`: as
 * little as makes a sign-on possible, so that the answers to a name that PingOne doesn't know look like those
 * to one that it does.
 */
type Disclosure = "hints" | "minimal";

/** What is configured, once for each environment. */
export interface FlowSettings extends AttemptLimits {
  readonly budgets: Budgets;
  readonly nameLimits: NameLimits;
  readonly messageLimits: MessageLimits;
  readonly disclosure: Disclosure;
  /** The applications flows may be started for, by the name clients give. */
  readonly applications: Readonly<Record<string, Application>>;
}

/**
 * What a request may put in its one log line: nothing of a person's, nothing of PingOne's
 * but its correlation id.
 */
export interface Trace {
  statusBefore?: StatusWord | undefined;
  statusAfter?: StatusWord | undefined;
  correlationId?: CorrelationId | undefined;
  upstreamStatus?: number;
  /** PingOne has locked the account or device, and the answer doesn't say so. */
  lockedOut?: boolean;
  claimMs?: number;
  upstreamMs?: number;
  commitMs?: number;
  /** Whether a workflow that waits for the flow has been told of its end. */
  reported?: boolean;
}

/** A request on a flow that exists. */
export interface FlowRequest {
  readonly key: FlowKey;
  readonly device: DeviceContext;
  /**
   * The network that the person's device is in, as the gateway saw it; none for a call that
   * IAM has let through.
   */
  readonly network?: string | undefined;
  /** Filled in as the request goes. */
  readonly trace: Trace;
}
