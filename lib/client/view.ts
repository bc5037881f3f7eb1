import { isStep, type StepName } from "./steps.ts";

/** A device that the person can choose. */
export interface Device {
  readonly id: string;
  /** PingOne's word, such as `EMAIL`, `SMS` or `MOBILE`. */
  readonly type: string;
  /** A masked address or number, or the device's nickname. */
  readonly hint?: string;
}

/** What a passkey has to sign, as `PublicKeyCredentialRequestOptionsJSON`: bytes are base64url. */
export interface PasskeyRequest {
  readonly challenge: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly rpId?: string;
  readonly allowCredentials?: readonly {
    readonly type: "public-key";
    readonly id: string;
    readonly transports?: readonly string[];
  }[];
  readonly userVerification?: string;
}

/** What a reply tells of a flow, beside where it stands. */
export interface Details {
  readonly flowId: string;
  /** ISO 8601. Count down from `expiresIn` instead: the clock of a phone is often wrong. */
  readonly expiresAt: string;
  /** Whole seconds from when the reply was made. */
  readonly expiresIn: number;
  readonly otpLength?: number;
  readonly selectedDevice?: string;
  readonly devices?: readonly Device[];
  /** The masked address that a code for verification went to. */
  readonly email?: string;
  /** Who signs the person on, in a browser: what to call them. */
  readonly identityProvider?: { readonly name?: string; readonly type?: string };
  /** Choosing the device again sends nothing: its code stands on it. */
  readonly resend?: false;
  readonly publicKey?: PasskeyRequest;
  /** What the policy wants to know of the person. */
  readonly profile?: {
    readonly prompt?: string;
    readonly attributes: readonly { readonly name: string; readonly label?: string }[];
  };
  /** What the person is asked to accept. */
  readonly agreement?: { readonly title?: string; readonly text?: string; readonly contentType?: string };
  /** What is asked of a new password, by PingOne's names. */
  readonly passwordPolicy?: Readonly<Record<string, unknown>>;
  /** Members that only a read brings. */
  readonly more?: readonly string[];
  /** This API can't lead on, and a browser can. */
  readonly fallback?: "browser";
  /** Where it begins: only a read brings it. */
  readonly browser?: { readonly url: string; readonly state: string; readonly nonce: string };
  /** Another request is still at work on this step. */
  readonly pending?: string;
  /** A doubt was settled: PingOne had not acted, as far as anybody can see. */
  readonly settled?: "no-progress";
}

/** A flow as a reply shows it. */
export interface FlowView extends Details {
  readonly status: string;
  readonly next: readonly string[];
  readonly flowToken?: string;
}

/** What `resume` brings. */
export interface Authorization {
  readonly code: string;
  readonly state: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** A failure by its name. */
export interface Problem {
  /** Such as `otp-rejected`. A name that you don't know is told by its flags. */
  readonly error: string;
  readonly flowEnded: boolean;
  readonly retryable: boolean;
  readonly attemptCounted: boolean | null;
  readonly requestId?: string;
  readonly attemptsRemaining?: number;
  readonly failure?: string;
  /** What was wrong with the request, by member. */
  readonly fields?: readonly {
    readonly name: string;
    readonly reason: string;
    readonly didYouMean?: string;
  }[];
  /** What a new password lacks. */
  readonly unsatisfied?: readonly string[];
  /** Whole seconds, of the header. */
  readonly retryAfter?: number;
  readonly flow?: FlowView;
}

/** An answer of the server, read whole: a flow, a problem, or what is neither. */
export type Answer =
  | { readonly kind: "view"; readonly view: FlowView & Partial<Authorization> }
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "cancelled" }
  | { readonly kind: "unreadable" };

/** Reads a reply. @param retryAfter the header */
export function readAnswer(http: number, text: string, retryAfter: string | null): Answer {
  if (http === 204) return { kind: "cancelled" };
  const body = parse(text);
  if (isProblem(body)) {
    const seconds = Number(retryAfter ?? Number.NaN);
    return { kind: "problem", problem: Number.isNaN(seconds) ? body : { ...body, retryAfter: seconds } };
  }
  return isView(body) ? { kind: "view", view: { ...body, next: body.next ?? [] } } : { kind: "unreadable" };
}

/** The newest token, wherever the answer has it. */
export function tokenIn(answer: Answer): string | undefined {
  if (answer.kind === "view") return answer.view.flowToken;
  return answer.kind === "problem" ? answer.problem.flow?.flowToken : undefined;
}

/** The steps of a list that this client can take. */
export function knownSteps(next: readonly string[]): StepName[] {
  return next.filter(isStep);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A problem has an `error`, and no other reply has one. */
function isProblem(body: unknown): body is Problem {
  return isObject(body) && "error" in body && typeof body.error === "string";
}

/** What `resume` brings has no `next`. */
function isView(body: unknown): body is FlowView & Partial<Authorization> {
  return isObject(body) && "status" in body && typeof body.status === "string";
}
