import { randomUUID } from "node:crypto";
import type { Account, LiveDevice } from "./accounts.ts";
import type { Application } from "./applications.ts";
import type { Clock } from "./clock.ts";
import type { Challenge } from "./pkce.ts";
import type { Policy } from "./policies.ts";
import type { Reason } from "./reason.ts";
import type { Session } from "./sessions.ts";

/** Idle time after which a flow is gone, in milliseconds. */
export const FLOW_IDLE_MS = 15 * 60_000;

/** The statuses this stand-in leads through. */
export type FlowStatus =
  | "USERNAME_PASSWORD_REQUIRED"
  | "SIGN_ON_REQUIRED"
  | "PASSWORD_REQUIRED"
  | "PASSWORD_EXPIRED"
  | "MUST_CHANGE_PASSWORD"
  | "DEVICE_SELECTION_REQUIRED"
  | "OTP_REQUIRED"
  | "PUSH_CONFIRMATION_REQUIRED"
  | "PUSH_CONFIRMATION_TIMED_OUT"
  | "COMPLETED"
  | "FAILED";

/** Actions PingOne offers in each status, besides `self`. */
export const linksByStatus = {
  USERNAME_PASSWORD_REQUIRED: ["usernamePassword.check", "session.reset"],
  SIGN_ON_REQUIRED: ["user.lookup"],
  PASSWORD_REQUIRED: ["usernamePassword.check", "session.reset"],
  PASSWORD_EXPIRED: ["password.reset"],
  MUST_CHANGE_PASSWORD: ["password.reset"],
  DEVICE_SELECTION_REQUIRED: ["device.select"],
  OTP_REQUIRED: ["otp.check", "device.select"],
  PUSH_CONFIRMATION_REQUIRED: ["device.select"],
  PUSH_CONFIRMATION_TIMED_OUT: ["device.select"],
  COMPLETED: [],
  FAILED: [],
} as const satisfies Record<FlowStatus, readonly string[]>;

/** What authorize asked for, checked. */
export interface AuthorizeRequest {
  readonly application: Application;
  readonly redirectUri: string;
  /** Whether authorize said it; then the token request has to say it again. */
  readonly redirectUriGiven: boolean;
  readonly responseMode: "pi.flow" | "query" | "fragment";
  readonly scope: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: Challenge | undefined;
  /** The name `acr_values` gave, and the policy it names. */
  readonly acr: string;
  readonly policy: Policy;
  readonly prompt: string | undefined;
  /** Seconds. */
  readonly maxAge: number | undefined;
  readonly loginHint: string | undefined;
}

/** One sign-on attempt. Times are epoch milliseconds. */
export interface Flow {
  id: string;
  status: FlowStatus;
  readonly createdAt: number;
  expiresAt: number;
  readonly request: AuthorizeRequest;
  /** The name given at lookup, known or not. */
  username: string | undefined;
  /** Set once PingOne knows who it is and says so. */
  account: Account | undefined;
  amr: string[];
  selected: LiveDevice | undefined;
  otp: { readonly code: string; readonly expiresAt: number } | undefined;
  /** When a push was sent that still waits for its answer. */
  pushSentAt: number | undefined;
  /** Why it ended, or what a read still tells though it goes on. */
  reason: Reason | undefined;
  session: Session | undefined;
  /** Whether the answer that completed the flow, with its cookies, has been made. */
  completionTold: boolean;
  /** Whether resume has given its answer. */
  spent: boolean;
}

/** The environment's flows, by id and alias. */
export interface Flows {
  create(request: AuthorizeRequest): Flow;
  /** The flow, unless unknown or idle for too long. */
  find(id: string): Flow | undefined;
  /** The person's latest flow that waits for a push. */
  pushedTo(username: string): Flow | undefined;
  touch(flow: Flow): void;
  /** Gives the flow another id; the old one leads nowhere. */
  rename(flow: Flow): void;
  /** Lets another id lead to the flow as well. */
  alias(flow: Flow, id: string): void;
}

/** Creates an empty store of flows. */
export function createFlows(clock: Clock): Flows {
  const byId = new Map<string, Flow>();
  return {
    create: (request) => {
      const flow = newFlow(request, clock.now());
      byId.set(flow.id, flow);
      return flow;
    },
    find: (id) => {
      const flow = byId.get(id);
      return flow !== undefined && clock.now() < flow.expiresAt ? flow : undefined;
    },
    pushedTo: (username) =>
      [...byId.values()].findLast(
        (flow) => flow.account?.person.username === username && flow.pushSentAt !== undefined,
      ),
    touch: (flow) => {
      flow.expiresAt = clock.now() + FLOW_IDLE_MS;
    },
    rename: (flow) => {
      byId.delete(flow.id);
      flow.id = randomUUID();
      byId.set(flow.id, flow);
    },
    alias: (flow, id) => {
      byId.set(id, flow);
    },
  };
}

function newFlow(request: AuthorizeRequest, now: number): Flow {
  return {
    id: randomUUID(),
    status: request.policy.start,
    createdAt: now,
    expiresAt: now + FLOW_IDLE_MS,
    request,
    username: undefined,
    account: undefined,
    amr: [],
    selected: undefined,
    otp: undefined,
    pushSentAt: undefined,
    reason: undefined,
    session: undefined,
    completionTold: false,
    spent: false,
  };
}
