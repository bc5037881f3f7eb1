import type { Application } from "../../../lib/flow/application.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { IdentityProvider, StartCommand, UpstreamReply } from "../../../lib/flow/provider.ts";
import { type StepCommand, type StepName, steps } from "../../../lib/flow/steps.ts";
import { createPingOne } from "../../../lib/pingone/client.ts";
import type { FaultKind } from "../../simulator/faults.ts";
import { type Person, people } from "../../simulator/people.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import type { Switches } from "../../simulator/switches.ts";
import { createPkce } from "../../support/flow-client.ts";
import { patienceMs } from "../../support/patience.ts";
import { registered, standInSecrets } from "../../support/stand-in.ts";
import { newcomerLike, rightAnswer } from "../../support/step-scenes.ts";

const { passwordOnly, emailOtp, twoDevices, passkeyAndMail, push, passwordExpired, temporaryPassword } =
  people;

/** How a flow gets to a status: whose it is, under which policy, and by which steps. */
interface Way {
  readonly policy: string;
  readonly who: Person;
  readonly by: readonly StepName[];
  /** What passes then: milliseconds. */
  readonly thenMs?: number;
}

const ways: Readonly<Record<string, Way>> = {
  SIGN_ON_REQUIRED: { policy: "Passwordless", who: emailOtp, by: [] },
  USERNAME_PASSWORD_REQUIRED: { policy: "Self_Service", who: passwordOnly, by: [] },
  RECOVERY_CODE_REQUIRED: { policy: "Self_Service", who: passwordOnly, by: ["password-forgot"] },
  VERIFICATION_CODE_REQUIRED: { policy: "Self_Service", who: passwordOnly, by: ["register"] },
  PASSWORD_REQUIRED: { policy: "Identifier_First", who: passwordOnly, by: ["lookup"] },
  DEVICE_SELECTION_REQUIRED: { policy: "Passwordless", who: twoDevices, by: ["lookup"] },
  OTP_REQUIRED: { policy: "Passwordless", who: emailOtp, by: ["lookup"] },
  ASSERTION_REQUIRED: { policy: "Passwordless", who: passkeyAndMail, by: ["lookup"] },
  PUSH_CONFIRMATION_REQUIRED: { policy: "Passwordless", who: push, by: ["lookup"] },
  PUSH_CONFIRMATION_TIMED_OUT: { policy: "Passwordless", who: push, by: ["lookup"], thenMs: 2 * 60_000 },
  PROFILE_DATA_REQUIRED: { policy: "Progressive_Profiling", who: passwordOnly, by: ["password"] },
  AGREEMENT_CONSENT_REQUIRED: { policy: "Agreement", who: passwordOnly, by: ["password"] },
  PASSWORD_EXPIRED: { policy: "Single_Factor", who: passwordExpired, by: ["password"] },
  MUST_CHANGE_PASSWORD: { policy: "Single_Factor", who: temporaryPassword, by: ["password"] },
  COMPLETED: { policy: "Single_Factor", who: passwordOnly, by: ["password"] },
  RESUMED: { policy: "Single_Factor", who: passwordOnly, by: ["password", "resume"] },
};

/** The same status by a way from which an action leads elsewhere. */
const otherWays: Readonly<Record<string, Way>> = {
  "SIGN_ON_REQUIRED DEVICE_SELECTION_REQUIRED": { policy: "Passwordless", who: twoDevices, by: [] },
  "SIGN_ON_REQUIRED PASSWORD_REQUIRED": { policy: "Identifier_First", who: passwordOnly, by: [] },
  "USERNAME_PASSWORD_REQUIRED OTP_REQUIRED": {
    ...{ policy: "Self_Service_Multi_Factor", who: emailOtp, by: [] },
  },
  "RECOVERY_CODE_REQUIRED OTP_REQUIRED": {
    ...{ policy: "Self_Service_Multi_Factor", who: emailOtp, by: ["password-forgot"] },
  },
  "PASSWORD_EXPIRED OTP_REQUIRED": { policy: "Multi_Factor", who: passwordExpired, by: ["password"] },
  "MUST_CHANGE_PASSWORD OTP_REQUIRED": { policy: "Multi_Factor", who: temporaryPassword, by: ["password"] },
};

/** PingOne's stand-in, and a flow there. */
export interface StandIn {
  readonly simulator: Simulator;
  readonly who: Person;
  readonly pingOne: IdentityProvider;
  jar: Jar;
  /** Lets time pass: milliseconds. */
  pass(ms: number): void;
  /** Answers the push that waits. */
  answerPush(answer: "approve" | "deny"): Promise<void>;
  /** What takes a step rightly. */
  commandFor(step: StepName): StepCommand;
  /** Lets something go wrong with the next call. */
  script(fault: FaultKind): void;
  /** The same, by a function that has not been told to wait. */
  anew(): StandIn;
  close(): Promise<void>;
}

const device = { userAgent: "explorer" };

/** The application of every flow. */
const applicationName = "web";
const { clientId, redirectUris } = registered[applicationName];
const application: Application = {
  ...{ clientId, redirectUri: redirectUris[0], scopes: ["openid"], policies: [] },
  clientAuthentication: "basic",
};

/** Starts the stand-in with a flow in a status, from which the next action leads on to another. */
export async function standInAt(
  status: string,
  { to, switches }: { readonly to?: string | undefined; readonly switches?: Partial<Switches> | undefined },
): Promise<StandIn> {
  let now = 1_790_000_000_000;
  const clock = { now: () => now };
  const simulator = await startSimulator({ clock, ...(switches && { switches }) });
  const way = otherWays[`${status} ${to}`] ?? ways[status];
  if (way === undefined) throw new Error(`Nothing leads to ${status}.`);
  const { policy, by, thenMs = 0 } = way;
  const isNew = by.includes("register");
  const who = isNew ? newcomerLike(way.who) : way.who;
  const options = { timeoutMs: patienceMs, forwardUserAgent: true, forwardAcceptLanguage: true };
  const connected = () => createPingOne({ baseUrl: simulator.baseUrl, ...options }, clock, standInSecrets);
  const pingOne = connected();
  const { jar } = await begun({ pingOne }, { policy, loginHint: undefined });
  const standIn: StandIn = {
    ...{ simulator, who, pingOne, jar },
    pass: (ms) => {
      now += ms;
    },
    answerPush: async (answer) => {
      const url = `${simulator.origin}/_simulator/push/${who.username}`;
      await fetch(url, { method: "POST", body: JSON.stringify({ answer }) });
    },
    commandFor: (step) =>
      rightCommand(step, step === "register" && !isNew ? newcomerLike(who) : who, simulator),
    script: (fault) => simulator.faults.script({ ...fault, on: "any" }),
    anew: () => ({ ...standIn, pingOne: connected() }),
    close: () => simulator.close(),
  };
  for (const step of by) standIn.jar = (await acted(standIn, step)).jar;
  if (thenMs > 0) {
    standIn.pass(thenMs);
    // Time alone changes nothing until somebody asks.
    await pingOne.read(standIn.jar, device, "device");
  }
  return standIn;
}

/** Begins a flow. */
export function begun(
  { pingOne }: Pick<StandIn, "pingOne">,
  asked: Pick<StartCommand, "loginHint" | "policy" | "subject">,
): Promise<UpstreamReply> {
  return pingOne.start({ ...start, ...asked }, device);
}

const pkce = createPkce();
const start = { applicationName, application, codeChallenge: pkce.challenge, nonce: undefined };

/** Takes a step rightly. A code that it gives is in the jar. */
export async function acted({ pingOne, jar, commandFor }: StandIn, step: StepName): Promise<UpstreamReply> {
  const reply = await pingOne.act(commandFor(step), jar, application, device);
  const { answer } = reply;
  return answer.kind === "authorized" ? { ...reply, jar: { ...reply.jar, code: answer.code } } : reply;
}

/** Ends the session. */
export async function signedOff({ pingOne, jar }: StandIn): Promise<UpstreamReply> {
  return { ...(await pingOne.signOff(jar, device)), jar };
}

/** Reads the flow. */
export function read({ pingOne, jar }: StandIn, step: StepName): Promise<UpstreamReply> {
  return pingOne.read(jar, device, step);
}

interface Asked {
  command(body: object): StepCommand;
}

function rightCommand(step: StepName, who: Person, { atHand }: Pick<Simulator, "atHand">): StepCommand {
  const definition: Asked = steps[step];
  return definition.command(rightAnswer(step, who, { code: atHand, verifier: pkce.verifier }) ?? {});
}
