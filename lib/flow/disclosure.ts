import { chosenDevice, decoyFlow, decoyJar, lifeFrom } from "./decoy.ts";
import type { Device, FlowDetails } from "./details.ts";
import type { Jar, Standing } from "./jar.ts";
import type { Refusal, UpstreamAnswer, UpstreamFlow, UpstreamReply } from "./provider.ts";
import { asksAboutName, namesPerson, type StepName, steps, takesDevice } from "./steps.ts";

/** What PingOne was asked. */
export interface Question {
  readonly step: StepName | "start";
  /** The flow's status before. */
  readonly status?: string | undefined;
  /** Whether it was asked about a name. */
  readonly asksName: boolean;
  /** The answer that changes nothing; only where PingOne was asked for nothing new, or was only read. */
  readonly again?: UpstreamFlow | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

type AnswerWithJar = Pick<UpstreamReply, "answer" | "jar">;

/**
 * An answer of PingOne's, less all that tells the person named from somebody whom PingOne doesn't know,
 * until a password or passcode has proved that it is they who ask. What can't be told of the one isn't told
 * of the other: a name that PingOne refuses begins a decoy, which looks like anybody's flow and in which
 * every code is wrong.
 *
 * Outages, limits and doubts pass as they are.
 */
export function minimal(reply: UpstreamReply, asked: Question): UpstreamReply {
  return { ...reply, ...told(reply, asked), hidesLock: reply.answer.kind === "locked" };
}

function told({ answer, jar }: UpstreamReply, asked: Question): AnswerWithJar {
  if (jar.standing === "decoy") return { jar, answer: isAboutFlow(answer) ? decoyAnswer(asked) : answer };
  if (namesNobody(answer, asked) || hasLostPerson(answer, jar, asked)) {
    return { jar: decoyJar(jar), answer: decoyAnswer(asked) };
  }
  switch (answer.kind) {
    case "flow":
      return shown(answer.flow, jar, asked);
    case "locked":
    case "rejected":
      return { jar, answer: maskedRefusal(answer, jar, asked) };
    case "failed":
      return { jar, answer: isUnproved(jar, asked) ? maskedRefusal(answer, jar, asked) : answer };
    default:
      return { jar, answer };
  }
}

/**
 * A decoy only reads, and whatever becomes of the flow that it reads is not what the client is led through.
 */
function isAboutFlow({ kind }: UpstreamAnswer): boolean {
  return kind === "flow" || kind === "gone" || isAboutPerson(kind);
}

/** Reasons that speak of the person. How often we may ask is the same for everybody. */
function isAboutPerson(kind: UpstreamAnswer["kind"]): boolean {
  return kind === "failed" || kind === "locked" || kind === "rejected";
}

/** Whether PingOne has refused the name, or won't sign the person on who has it. */
function namesNobody(answer: UpstreamAnswer, { asksName, status }: Question): boolean {
  if (!asksName) return false;
  return answer.kind === "flow" ? answer.flow.status === status : isAboutPerson(answer.kind);
}

/** Whether PingOne has ended a flow at a step that would go on for ever if there were nobody. */
function hasLostPerson(answer: UpstreamAnswer, { standing }: Jar, { step }: Question): boolean {
  if (step === "start" || !steps[step].countsAttempt) return false;
  if (!namesPerson(step)) return standing === "named" && (hasEnded(answer) || answer.kind === "gone");
  // Only who has given the right password is told what else is missing.
  const isProved = steps[step].triesCredential && answer.kind === "failed" && answer.failure !== undefined;
  return hasEnded(answer) && !isProved;
}

function hasEnded(answer: UpstreamAnswer): boolean {
  return "flow" in answer && answer.flow?.status === "FAILED";
}

function decoyAnswer({ asksName, again, now }: Question): UpstreamAnswer {
  const flow = asksName ? decoyFlow(now) : again;
  return flow === undefined ? { kind: "rejected" } : { kind: "flow", flow };
}

/** Whether the person is only named, and the step names nobody: a decoy's would be answered alike. */
function isUnproved({ standing }: Jar, { step }: Question): boolean {
  return standing === "named" && step !== "start" && !namesPerson(step);
}

/** No difference between locked and wrong; and the one device that is offered is nobody's to refuse. */
function maskedRefusal(answer: Refusal, { standing }: Jar, { step, again }: Question): UpstreamAnswer {
  const isOwnDevice = standing === "named" && step !== "start" && takesDevice(step);
  if (isOwnDevice && again !== undefined) return { kind: "flow", flow: again };
  // Before anybody is proved, how far PingOne slid the expiry would tell where it gave its reason.
  return hasEnded(answer) ? { kind: "rejected", flow: answer.flow } : { kind: "rejected" };
}

function shown(flow: UpstreamFlow, jar: Jar, asked: Question): AnswerWithJar {
  const standing = standingAfter(flow, jar, asked);
  const isNamed = standing === "named";
  const selectedDevice = isNamed ? flow.details.selectedDevice : undefined;
  const shape = isNamed ? namedFlow(flow, asked.now) : { ...flow, details: provedDetails(flow) };
  return { jar: { ...jar, standing, selectedDevice }, answer: { kind: "flow", flow: shape } };
}

function standingAfter({ status }: UpstreamFlow, jar: Jar, asked: Question): Standing | undefined {
  if (status === asked.status) return jar.standing;
  if (asked.step !== "start" && steps[asked.step].triesCredential) return undefined;
  return asked.asksName || (asked.step !== "start" && asksAboutName(asked.step)) ? "named" : jar.standing;
}

/** The same members, and the same life, whoever it is. */
function namedFlow(flow: UpstreamFlow, now: number): UpstreamFlow {
  return { ...flow, ...lifeFrom(now), details: namedDetails(flow) };
}

/**
 * Devices and passkeys only where there is no going on without them; that status tells of them anyway.
 */
function namedDetails({ status, details }: UpstreamFlow): FlowDetails {
  const { selectedDevice, devices, publicKey, more } = details;
  return {
    ...(selectedDevice === undefined ? {} : { selectedDevice: chosenDevice }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(more === undefined ? {} : { more }),
    ...(status === "DEVICE_SELECTION_REQUIRED" && devices ? { devices: devices.map(withoutHint) } : {}),
  };
}

function provedDetails({ details }: UpstreamFlow): FlowDetails {
  const { devices } = details;
  return devices === undefined ? details : { ...details, devices: devices.map(withoutHint) };
}

function withoutHint({ id, type }: Device): Device {
  return { id, type };
}
