import type { FlowDetails, PassingDetails } from "./details.ts";
import { actionOf, leadsToProof, requestable, type StepName, stepNames, steps } from "./steps.ts";

/**
 * Where a flow can be. The first group is PingOne's own (docs/pingone.md §2), the second is ours.
 *
 * ```
 * start ──► open ──► open ──► COMPLETED ──resume──► RESUMED           (its code can still be redeemed)
 *             │        │          └──────────────► RESTART_REQUIRED   (PingOne no longer knows the session)
 *             │        ├─────────────────────────► FAILED             (PingOne gave up)
 *             │        ├─────────────────────────► EXPIRED            (PingOne has forgotten the flow)
 *             └────────┴─────────────────────────► UNSUPPORTED        (PingOne speaks another protocol)
 * ```
 *
 * A status that is not in this table is passed on to the client as it came, with nothing to do next.
 */
const phases = {
  ACCOUNT_CONFIRMATION_REQUIRED: "open",
  ACCOUNT_LINKING_REQUIRED: "open",
  AGREEMENT_CONSENT_REQUIRED: "open",
  ASSERTION_REQUIRED: "open",
  DAG_CONSENT_REQUIRED: "open",
  DAG_USER_CODE_REQUIRED: "open",
  DEVICE_SELECTION_REQUIRED: "open",
  EXTERNAL_AUTHENTICATION_REQUIRED: "open",
  MUST_CHANGE_PASSWORD: "open",
  OTP_REQUIRED: "open",
  PASSWORD_EXPIRED: "open",
  PASSWORD_REQUIRED: "open",
  PROFILE_DATA_REQUIRED: "open",
  PUSH_CONFIRMATION_REQUIRED: "open",
  PUSH_CONFIRMATION_TIMED_OUT: "open",
  RECOVERY_CODE_REQUIRED: "open",
  SIGN_ON_REQUIRED: "open",
  USERNAME_PASSWORD_REQUIRED: "open",
  VERIFICATION_CODE_REQUIRED: "open",
  COMPLETED: "completed",
  EXPIRED: "ended",
  FAILED: "ended",
  RESUMED: "ended",
  UNSUPPORTED: "ended",
  RESTART_REQUIRED: "ended",
} as const satisfies Record<string, FlowPhase>;

/** The status of a flow whose code has been fetched. */
export const resumed = "RESUMED" satisfies FlowStatus;

/** Open: PingOne wants something. Completed: the code can be fetched. Ended: nothing more will happen. */
type FlowPhase = "open" | "completed" | "ended";

/** A status this release knows. */
type FlowStatus = keyof typeof phases;

/** The statuses this release knows: a view may have others. */
export const flowStatuses: readonly string[] = Object.keys(phases);

/** The phase of a status, or nothing when the status is not one we know. */
function phaseOf(status: string): FlowPhase | undefined {
  return isKnown(status) ? phases[status] : undefined;
}

/**
 * The steps a client may take next. PingOne offers an action by a link, whose key is the action's name; the
 * steps without a link go by the status. What is too large to be kept can be read. An unknown status offers
 * nothing, whatever its links say, because we can't tell what its answer would mean.
 */
export function nextSteps(status: string, actions: readonly string[], details?: FlowDetails): StepName[] {
  const phase = phaseOf(status);
  if (phase === undefined) return [];
  return stepNames.filter((name) => {
    const action = actionOf(name);
    const isLinked = phase === "open" && action !== undefined && actions.includes(action);
    const isToRead = name === "poll" && phase === "open" && details?.more !== undefined;
    const { offeredWith } = steps[name];
    const isUntold = details !== undefined && offeredWith !== undefined && details[offeredWith] === undefined;
    if (isUntold) return false;
    return isLinked || isToRead || steps[name].offeredIn?.includes(status) === true;
  });
}

/**
 * Whether nothing is left but to fetch the code, or nothing at all. A status nobody knows leaves that open.
 */
export function isOver(status: string): boolean {
  const phase = phaseOf(status);
  return phase === "completed" || phase === "ended";
}

/** The statuses in which nothing is left but to fetch the code, or nothing at all. */
export const overStatuses: readonly string[] = Object.keys(phases).filter(isOver);

/** Whether nothing more will happen to a flow. */
export function hasEnded(status: string): boolean {
  return phaseOf(status) === "ended";
}

/** The part of a flow that an answer of PingOne decides. */
export interface FlowState {
  /** PingOne's status word, or one of ours once the flow has ended. */
  readonly status: string;
  readonly next: readonly StepName[];
  readonly details: FlowDetails;
  /** When we stop acting on the flow: epoch milliseconds of our clock. */
  readonly deadline: number;
  /** PingOne's id of the person, once the flow is COMPLETED. For workflows: no client sees it. */
  readonly userId?: string | undefined;
}

/** A request in progress, or one that never told how it ended. */
export interface Claim {
  readonly id: string;
  /** Absent for a step that only a later release knows: it alone can settle it. */
  readonly step: StepName | undefined;
  /** End of the lease: epoch milliseconds. */
  readonly until: number;
  /** PingOne may have acted, and we did not learn how. */
  readonly doubtful: boolean;
}

/** A claim whose step this release knows. */
export interface KnownClaim extends Claim {
  readonly step: StepName;
}

/** A flow as the store keeps it, without its secrets. */
export interface Flow extends FlowState {
  readonly flowId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Attempts counted so far. */
  readonly attempts: number;
  /** How many of them tried a credential. */
  readonly credentialTries: number;
  readonly claim?: Claim | undefined;
  /** How often a doubtful resume has been asked of PingOne again. */
  readonly resumeTries?: number | undefined;
  /** When a doubtful resume may be asked again: epoch milliseconds. */
  readonly resumeAt?: number | undefined;
  /** When a push may be polled next: epoch milliseconds. */
  readonly pollAt?: number | undefined;
}

/** A sign-on in a browser, for the application and the PKCE challenge of a flow that can't be led on. */
export interface BrowserLeg {
  /** PingOne's authorization endpoint, with all that it is asked. */
  readonly url: string;
  /** What comes back beside the code. Of this leg alone, and never the flow's. */
  readonly state: string;
  /** What the ID token's nonce has to be. */
  readonly nonce: string;
}

/** What a client sees of a flow: projected field by field, never PingOne's body passed through. */
export interface FlowView extends FlowDetails {
  readonly flowId: string;
  readonly status: string;
  readonly next: readonly StepName[];
  /** When we stop acting on the flow. ISO 8601. */
  readonly expiresAt: string;
  /** How long to wait before the next look at a push: whole seconds. */
  readonly pollAfter?: number | undefined;
  /** Present when this API can't lead on from here and a browser sign-on can. */
  readonly fallback?: "browser" | undefined;
  /** Where to begin that browser sign-on: only a read tells it, and each read another. */
  readonly browser?: BrowserLeg | undefined;
  /** The step whose outcome another request is still waiting for. */
  readonly pending?: StepName | undefined;
  /** A doubt has been settled: as far as can be seen PingOne had not acted, and the person may try again. */
  readonly settled?: "no-progress" | undefined;
}

/** As often as PingOne's own SDK looks: seconds (docs/pingone.md §3.5 (4)). */
export const pollAfter = 2;

/** Whether a look at the flow polls a push. What is too large to be kept is read whenever it is asked for. */
export function isPolled({ next, details }: Pick<FlowState, "details" | "next">): boolean {
  return next.includes("poll") && details.more === undefined;
}

/**
 * The view of a flow.
 *
 * @param passing what was too large to be kept: for a view that is not kept either
 */
export function viewOf(flowId: string, state: FlowState, passing: PassingDetails = {}): FlowView {
  const stuck = state.next.length === 0 && phaseOf(state.status) !== "ended";
  return {
    flowId,
    status: state.status,
    next: requestable(state.next),
    expiresAt: new Date(state.deadline).toISOString(),
    ...state.details,
    ...passing,
    ...(isPolled(state) ? { pollAfter } : {}),
    ...(stuck || state.status === "UNSUPPORTED" ? { fallback: "browser" as const } : {}),
  };
}

/** A view as it is shown at a moment. */
export interface ShownView extends FlowView {
  /** Whole seconds until `expiresAt`, by our clock: a phone's is often wrong. */
  readonly expiresIn: number;
}

/** A view with what is left of the flow's life. @param now epoch milliseconds */
export function shownAt({ flowId, status, next, expiresAt, ...rest }: FlowView, now: number): ShownView {
  const expiresIn = Math.max(0, Math.floor((Date.parse(expiresAt) - now) / 1_000));
  return { flowId, status, next, expiresAt, expiresIn, ...rest };
}

/** How much may be tried in one flow. */
export interface AttemptLimits {
  /** Lookups, passwords, passcodes and device choices together. */
  readonly attemptLimit: number;
  /** Passwords and passcodes together. */
  readonly credentialLimit: number;
}

/**
 * How many attempts a flow may have had for a step to be taken: one is left for it, and one more for what it
 * leads to. Nothing where the step counts none.
 */
export function attemptsBefore(step: StepName, { attemptLimit }: AttemptLimits): number | undefined {
  if (!steps[step].countsAttempt) return undefined;
  return leadsToProof(step) ? attemptLimit - 1 : attemptLimit;
}

/** Whether a flow may still try a credential, where a step is one or leads to one. */
export function hasCredentialFor(
  step: StepName,
  { credentialTries }: Pick<Flow, "credentialTries">,
  { credentialLimit }: AttemptLimits,
): boolean {
  const needsCredential = steps[step].triesCredential || leadsToProof(step);
  return !needsCredential || credentialTries < credentialLimit;
}

/** Whether a flow's attempts leave room for a step. */
export function hasAttemptFor(step: StepName, flow: Flow, limits: AttemptLimits): boolean {
  const most = attemptsBefore(step, limits);
  return (most === undefined || flow.attempts < most) && hasCredentialFor(step, flow, limits);
}

/** The view of a flow as it is stored: what a step in progress or the limits of attempts leave of it. */
export function storedView(flow: Flow, limits: AttemptLimits): FlowView {
  // A poll is nobody's step but the reader's.
  const pending = flow.claim === undefined || flow.claim.step === "poll" ? {} : { pending: flow.claim.step };
  return { ...withinLimits(viewOf(flow.flowId, flow), flow, limits), ...pending };
}

/**
 * A view that offers only what the flow's attempts leave room for. Where they leave nothing, and no push is
 * waited for, the flow is stuck as well.
 */
export function withinLimits(view: FlowView, flow: Flow, limits: AttemptLimits): FlowView {
  const next = view.next.filter((name) => hasAttemptFor(name, flow, limits));
  const isSpent = next.length === 0 && view.next.length > 0 && view.pollAfter === undefined;
  return { ...view, next, ...(isSpent ? { fallback: "browser" as const } : {}) };
}

function isKnown(status: string): status is FlowStatus {
  return Object.hasOwn(phases, status);
}
