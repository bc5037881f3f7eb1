import type { FlowView } from "./flow.ts";
import type { FlowProblem } from "./problems.ts";
import type { StepName } from "./steps.ts";
import type { Tokens } from "./tokens.ts";

/**
 * What a step answers: the flow as it is now, the authorization code, tokens, or a problem. A problem has the
 * flow exactly where the request's own commit drew a token: whoever shows an old token must not be
 * handed the new one.
 */
export type Reply = KeptReply | ({ readonly kind: "redeemed" } & Redemption) | Refreshed | Cancelled;

/** What may be kept for a repetition. */
export type KeptReply =
  | { readonly kind: "view"; readonly view: FlowView }
  | ({ readonly kind: "authorized" } & Authorization)
  | ProblemReply;

interface ProblemReply {
  readonly kind: "problem";
  readonly problem: FlowProblem;
  readonly flow?: FlowView | undefined;
}

interface Cancelled {
  readonly kind: "cancelled";
}

interface Refreshed {
  readonly kind: "refreshed";
  readonly tokens: Tokens;
}

/** What the code has been redeemed for. */
export interface Redemption {
  readonly flowId: string;
  /** The flow's. */
  readonly status: string;
  readonly tokens: Tokens;
  /** What is kept in its place: tokens are given once, and stored nowhere. */
  readonly again: KeptReply;
}

/** The reply that is kept of one: no token of PingOne's is in it. */
export function keptOf(reply: Exclude<Reply, Cancelled | Refreshed>): KeptReply {
  return reply.kind === "redeemed" ? reply.again : reply;
}

/** What the client needs to redeem the code with its own PKCE verifier and to check the ID token. */
export interface Authorization {
  readonly flowId: string;
  /** The flow's, now that it has been resumed. */
  readonly status: string;
  readonly code: string;
  readonly state: string;
  readonly nonce: string;
  readonly redirectUri: string;
  /** The steps that may be taken then, where there are any. */
  readonly next?: readonly StepName[] | undefined;
}

/** What is kept for a repetition, and the token that it drew. */
export interface KeptAnswer extends Answer {
  readonly reply: KeptReply;
}

/** A reply, and the next flow token where a commit drew one. */
export interface Answer {
  readonly reply: Reply;
  readonly flowToken?: string | undefined;
}
