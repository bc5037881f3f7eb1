import type { FlowView } from "./flow.ts";
import type { FlowProblem } from "./problems.ts";

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
