import type { Budgets } from "./budgets.ts";
import type {
  Application,
  Clock,
  CompletionReporter,
  DeviceContext,
  FlowKey,
  FlowStore,
  IdentityProvider,
} from "./ports.ts";

/** What every operation on flows needs. */
export interface FlowPorts {
  readonly store: FlowStore;
  readonly provider: IdentityProvider;
  readonly clock: Clock;
  readonly settings: FlowSettings;
  /** Absent where no workflow waits. */
  readonly reporter?: CompletionReporter | undefined;
}

/** What is configured, once for each environment. */
export interface FlowSettings {
  readonly budgets: Budgets;
  /** Attempts at lookup, password, otp and device in one flow, together. */
  readonly attemptLimit: number;
  /** The applications flows may be started for, by the name clients give. */
  readonly applications: Readonly<Record<string, Application>>;
}

/** What a request may put in its one log line: nothing of a person's, nothing of PingOne's but its correlation id. */
export interface Trace {
  statusBefore?: string;
  statusAfter?: string;
  correlationId?: string;
  upstreamStatus?: number;
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
  /** Filled in as the request goes. */
  readonly trace: Trace;
}
