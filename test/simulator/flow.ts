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

/** The statuses that PingOne documents, whether or not this stand-in leads there. */
export type FlowStatus =
  | "USERNAME_PASSWORD_REQUIRED"
  | "SIGN_ON_REQUIRED"
  | "PASSWORD_REQUIRED"
  | "PASSWORD_EXPIRED"
  | "MUST_CHANGE_PASSWORD"
  | "RECOVERY_CODE_REQUIRED"
  | "VERIFICATION_CODE_REQUIRED"
  | "DEVICE_SELECTION_REQUIRED"
  | "OTP_REQUIRED"
  | "PUSH_CONFIRMATION_REQUIRED"
  | "PUSH_CONFIRMATION_TIMED_OUT"
  | "ASSERTION_REQUIRED"
  | "PROFILE_DATA_REQUIRED"
  | "AGREEMENT_CONSENT_REQUIRED"
  | "ACCOUNT_CONFIRMATION_REQUIRED"
  | "ACCOUNT_LINKING_REQUIRED"
  | "EXTERNAL_AUTHENTICATION_REQUIRED"
  | "COMPLETED"
  | "FAILED";

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
  /** Whom the application has named by what it signed: an id or a user name. */
  readonly subject?: string | undefined;
  /** The person's address, where the application has told it. */
  readonly remoteIp?: string | undefined;
}

/** A code of letters and digits. Epoch milliseconds. */
interface LetterCode {
  readonly code: string;
  readonly expiresAt: number;
  /** Wrong tries so far. */
  failures: number;
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
  /** What a passkey has to sign. */
  challenge: Buffer | undefined;
  /** Whether the person has given what the policy asks for at the end. */
  isAsked: boolean;
  /** What was sent to replace a forgotten password, or to show that an address is the person's. */
  letterCode: LetterCode | undefined;
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
  /** The person's latest flow; of these, where one of them is theirs. */
  latestOf(username: string, among?: ReadonlySet<string>): Flow | undefined;
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
    latestOf: (username, among) => {
      const theirs = [...byId.values()].filter((flow) => flow.account?.person.username === username);
      return theirs.findLast(({ id }) => among?.has(id)) ?? theirs.at(-1);
    },
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
    letterCode: undefined,
    challenge: undefined,
    isAsked: false,
    pushSentAt: undefined,
    reason: undefined,
    session: undefined,
    completionTold: false,
    spent: false,
  };
}
