import type { FlowView } from "./flow.ts";
import type { FlowProblem } from "./problems.ts";

/**
 * What a step answers: the flow as it is now, the authorization code, or a problem. A problem has the
 * flow exactly where the request's own commit drew a token: whoever shows an old token must not be
 * handed the new one.
 */
export type Reply =
  | { readonly kind: "view"; readonly view: FlowView }
  | ({ readonly kind: "authorized" } & Authorization)
  | { readonly kind: "problem"; readonly problem: FlowProblem; readonly flow?: FlowView | undefined }
  | { readonly kind: "cancelled" };

/** What the client needs to redeem the code with its own PKCE verifier and to check the ID token. */
export interface Authorization {
  readonly flowId: string;
  /** The flow's, now that it has been resumed. */
  readonly status: string;
  readonly code: string;
  readonly state: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** A reply, and the next flow token where a commit drew one. */
export interface Answer {
  readonly reply: Reply;
  readonly flowToken?: string | undefined;
}
