import { asciiBytes, toBase64url } from "./bytes.ts";
import { type Platform, platformWith, randomText } from "./platform.ts";
import { type Redeemed, type RedeemOptions, redeemCode } from "./redeem.ts";
import { type Asked, Session } from "./session.ts";
import type { State } from "./state.ts";
import { type StepArguments, type StepMethods, type StepName, stepMethods } from "./steps.ts";

export type { FetchedReply, FetchInit, Platform } from "./platform.ts";
export type { IdTokenClaims, Redeemed, RedeemFailure, RedeemOptions, Tokens } from "./redeem.ts";
export type { Ended, OpenStatus, State } from "./state.ts";
export type { PasskeyAssertion, StepBodies, StepName } from "./steps.ts";
export type { Authorization, Device, PasskeyRequest, Problem } from "./view.ts";

/** Where to sign on, and with what. */
export interface SignOnOptions {
  /** The API: `https://sign-on.example.com`. */
  readonly url: string;
  /** `cookie`: the browser keeps the flow token, and no script sees it. `body` unless given. */
  readonly tokenDelivery?: "body" | "cookie";
  /** How long one request may take: milliseconds; 30,000 unless given, which is longer than the API takes. */
  readonly timeoutMs?: number;
  /** What this platform lacks, or has better. */
  readonly platform?: Partial<Platform>;
}

/** What a sign-on may start with. */
export interface StartOptions {
  /** One of the API's applications; its first unless given. */
  readonly application?: string;
  /** The name of a sign-on policy. */
  readonly policy?: string;
  readonly nonce?: string;
  /** Who is probably signing on. A code may be sent at once. */
  readonly loginHint?: string;
}

/** One sign-on. Each method gives the state it led to; none rejects for what a server or network does. */
export interface SignOn extends StepMethods<State> {
  /** Where it stands; nothing before it has started. */
  readonly state: State | undefined;
  /** `POST /flows`. */
  start(options?: StartOptions): Promise<State>;
  /** `GET /flows/{flowId}`. */
  read(): Promise<State>;
  /** Asks again for what was not answered. Elsewhere the same as `read`. */
  again(): Promise<State>;
  /**
   * Reads every three seconds while a push waits for its answer.
   *
   * @param signal ends the waiting
   */
  waitForPush(signal?: AbortSignal): Promise<State>;
  /** Has a passkey sign, and sends the assertion; `problem` is `passkey-cancelled` if the person won't. */
  passkey(): Promise<State>;
  /** `DELETE /flows/{flowId}`. */
  cancel(): Promise<State>;
  /** Redeems the code of the state `RESUMED` at PingOne, for an application without a secret. Once. */
  redeem(options: RedeemOptions): Promise<Redeemed>;
  /** What the sign-on still has to live: whole seconds. A clock that is wrong does no harm. */
  secondsLeft(): number;
  /** The PKCE verifier, for a backend of yours that redeems the code, or for `token`. Nobody else. */
  verifier(): Promise<string>;
}

/** How long between two looks at a push: milliseconds. */
const pushPauseMs = 3_000;

/** Prepares one sign-on. Nothing is sent yet. */
export function createSignOn(options: SignOnOptions): SignOn {
  const { url, tokenDelivery = "body", timeoutMs = 30_000 } = options;
  const platform = platformWith(options.platform ?? {});
  const byCookie = tokenDelivery === "cookie";
  const session = new Session({ url: url.replace(/\/+$/, ""), byCookie, timeoutMs, platform });
  const step = (name: StepName, body: object) => session.run(() => stepRequest(session.path, name, body));
  const read = () => session.run(() => readRequest(session.path), true);
  return {
    ...stepMethods<State>(
      <Name extends StepName>(name: Name) =>
        (...[body]: StepArguments<Name>) =>
          step(name, body ?? {}),
    ),
    get state() {
      return session.state;
    },
    start: (start = {}) => session.run(() => startRequest(start, { session, platform, byCookie })),
    read,
    again: read,
    waitForPush: (signal) => waitForPush(session, read, platform, signal),
    passkey: () => passkey(session, read, step, platform),
    cancel: () => session.run(() => ({ ...readRequest(session.path), kind: "cancel", method: "DELETE" })),
    redeem: async (about) => redeemState(session, about, platform),
    secondsLeft: () => session.secondsLeft,
    verifier: () => session.verifier,
  };
}

async function startRequest(
  start: StartOptions,
  { session, platform, byCookie }: { session: Session; platform: Platform; byCookie: boolean },
): Promise<Asked> {
  const digest = new Uint8Array(await platform.sha256(asciiBytes(await session.verifier)));
  const asked = {
    codeChallenge: toBase64url(digest),
    ...start,
    ...(byCookie && { tokenDelivery: "cookie" }),
  };
  return {
    kind: "start",
    method: "POST",
    path: "/flows",
    body: JSON.stringify(asked),
    idempotencyKey: await randomText(platform, 16),
    isOnce: false,
  };
}

function stepRequest(path: string, name: StepName, body: object): Asked {
  // What carries no credential and sends nothing may be asked for under any token.
  const isOnce = name !== "resume";
  return { kind: "step", method: "POST", path: `${path}/${name}`, body: JSON.stringify(body), isOnce };
}

function readRequest(path: string): Asked {
  return { kind: "read", method: "GET", path, isOnce: false };
}

async function waitForPush(
  session: Session,
  read: () => Promise<State>,
  { after }: Platform,
  signal: AbortSignal | undefined,
): Promise<State> {
  let state = session.state ?? (await read());
  while (state.status === "PUSH_CONFIRMATION_REQUIRED" && !isAborted(signal)) {
    await new Promise<void>((resolve) => {
      after(pushPauseMs, resolve);
    });
    // A step may have been taken meanwhile.
    state = session.state ?? state;
    if (state.status === "PUSH_CONFIRMATION_REQUIRED" && !isAborted(signal)) state = await read();
  }
  return state;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

async function passkey(
  session: Session,
  read: () => Promise<State>,
  step: (name: "assertion", body: object) => Promise<State>,
  platform: Platform,
): Promise<State> {
  const { state } = session;
  const isMissing = state?.status === "ASSERTION_REQUIRED" && state.publicKey === undefined;
  const seen = isMissing ? await read() : state;
  const asked = seen?.status === "ASSERTION_REQUIRED" ? seen.publicKey : undefined;
  if (asked === undefined) return session.keep("passkey-missing");
  try {
    return step("assertion", { assertion: await platform.passkey(asked) });
  } catch {
    // The browser tells no page whether the person turned it down or has none.
    return session.keep("passkey-cancelled");
  }
}

async function redeemState(session: Session, about: RedeemOptions, platform: Platform): Promise<Redeemed> {
  const { state } = session;
  if (state?.status !== "RESUMED") throw new Error("There is no code yet: redeem is for the state RESUMED.");
  return redeemCode(state, await session.verifier, about, platform);
}
