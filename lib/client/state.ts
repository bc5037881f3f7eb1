import type { StepName } from "./steps.ts";
import { type Authorization, type Details, type FlowView, knownSteps, type Problem } from "./view.ts";

/** The words that this client knows for a flow that wants something of the person. */
const openStatuses = [
  "AGREEMENT_CONSENT_REQUIRED",
  "ASSERTION_REQUIRED",
  "DEVICE_SELECTION_REQUIRED",
  "MUST_CHANGE_PASSWORD",
  "OTP_REQUIRED",
  "PASSWORD_EXPIRED",
  "PASSWORD_REQUIRED",
  "PROFILE_DATA_REQUIRED",
  "PUSH_CONFIRMATION_REQUIRED",
  "PUSH_CONFIRMATION_TIMED_OUT",
  "RECOVERY_CODE_REQUIRED",
  "SIGN_ON_REQUIRED",
  "USERNAME_PASSWORD_REQUIRED",
  "VERIFICATION_CODE_REQUIRED",
] as const;

/** A word of {@link openStatuses}. */
export type OpenStatus = (typeof openStatuses)[number];

interface Alive extends Details {
  /** What can be done now. Only steps that this client can take. */
  readonly next: readonly StepName[];
  /** Why the last request got nowhere. The flow goes on: the person may try again. */
  readonly problem?: Problem;
}

/** One state for each word. */
type Open = { [Status in OpenStatus]: Alive & { readonly status: Status } }[OpenStatus];

/** Where a sign-on stands: told apart by `status`. */
export type State =
  | Open
  /** `resume` fetches the code. */
  | (Alive & { readonly status: "COMPLETED" })
  /** A word that this client does not know. What is in `next` can be done; else go by `fallback`. */
  | (Alive & { readonly status: "OTHER"; readonly word: string })
  /** The person is signed on. The code is redeemed once, within a minute. */
  | (Authorization & {
      readonly status: "RESUMED";
      readonly flowId: string;
      readonly next: readonly StepName[];
      readonly problem?: Problem;
    })
  /** Over. Only a new sign-on helps, or a browser, where `fallback` says so. */
  | Ended
  /** Nothing came back, or nobody knows the outcome yet. `again` asks for it; no step is taken before. */
  | { readonly status: "UNANSWERED"; readonly next: readonly []; readonly problem?: Problem };

/** A sign-on that is over, by name. */
export interface Ended {
  readonly status: "ENDED";
  readonly next: readonly [];
  /** Such as `flow-expired`; `cancelled` where this client ended it. */
  readonly error: string;
  readonly problem?: Problem;
  readonly fallback?: "browser";
}

const ends: Readonly<Record<string, string>> = {
  FAILED: "flow-failed",
  UNSUPPORTED: "unsupported-step",
  RESTART_REQUIRED: "restart-required",
};

/** The state that a view shows. @param problem why the request that brought it got nowhere */
export function stateOf(view: FlowView & Partial<Authorization>, problem?: Problem): State {
  const { flowToken: _, ...shown } = view;
  const { status, code, state, nonce, redirectUri, flowId } = shown;
  if (code !== undefined && state !== undefined && nonce !== undefined && redirectUri !== undefined) {
    const authorization = { code, state, nonce, redirectUri };
    return {
      status: "RESUMED",
      flowId,
      next: knownSteps(view.next),
      ...authorization,
      ...(problem && { problem }),
    };
  }
  const end = problem?.flowEnded === true ? problem.error : ends[status];
  if (end !== undefined) return ended(end, problem, view.fallback);
  const alive = { ...shown, next: knownSteps(view.next), ...(problem && { problem }) };
  if (status === "COMPLETED" || isOpen(status)) return { ...alive, status };
  // Its code was fetched before, and is given again for a minute.
  if (status === "RESUMED") return { ...alive, status: "COMPLETED", next: ["resume"] };
  const stuck = alive.next.length === 0;
  return { ...alive, status: "OTHER", word: status, ...(stuck && { fallback: "browser" as const }) };
}

/** A sign-on that is over. */
export function ended(error: string, problem?: Problem, fallback?: "browser"): Ended {
  return {
    status: "ENDED",
    next: [],
    error,
    ...(problem && { problem }),
    ...(fallback && { fallback }),
  };
}

function isOpen(status: string): status is OpenStatus {
  return openStatuses.some((one) => one === status);
}
