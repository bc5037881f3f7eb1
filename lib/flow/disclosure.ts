import { chosenDevice, decoyFlow, decoyIn, decoyJar, detailsFor, lifeFrom } from "./decoy.ts";
import type { Device, FlowDetails } from "./details.ts";
import type { Jar, Standing } from "./jar.ts";
import type { Refusal, UpstreamAnswer, UpstreamFlow, UpstreamReply } from "./provider.ts";
import { asksAboutName, namesPerson, type StepName, steps, takesDevice } from "./steps.ts";

/** What PingOne was asked. */
export interface Question {
  readonly step: StepName | "start";
  /** The flow's status before. */
  readonly status?: string | undefined;
  /** What the flow showed before. */
  readonly before?: FlowDetails | undefined;
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

/**
 * The same of a step that tells nobody who exists even where answers may tell more: only its own answer is
 * the same for everybody.
 */
export function alike(reply: UpstreamReply, asked: Question): UpstreamReply {
  const { answer, jar } = reply;
  if (namesNobody(answer, asked) || hasLostPerson(answer, jar, asked)) {
    const hidesLock = answer.kind === "locked";
    return { ...reply, jar: decoyJarFor(jar, asked), answer: decoyAnswer(asked), hidesLock };
  }
  return "flow" in answer && answer.flow !== undefined && !hasEnded(answer)
    ? { ...reply, answer: { ...answer, flow: namedFlow(answer.flow, asked) } }
    : reply;
}

function decoyJarFor(jar: Jar, { asksName, step }: Question): Jar {
  return asksName ? decoyJar(jar, step) : decoyJar(jar);
}

function told({ answer, jar }: UpstreamReply, asked: Question): AnswerWithJar {
  if (jar.standing === "decoy") {
    return { jar, answer: isAboutFlow(answer) ? decoyAnswer(asked) : withoutFlow(answer) };
  }
  if (namesNobody(answer, asked) || hasLostPerson(answer, jar, asked)) {
    return { jar: decoyJarFor(jar, asked), answer: decoyAnswer(asked) };
  }
  switch (answer.kind) {
    case "flow": {
      const after = shown(answer.flow, jar, asked);
      return { jar: after.jar, answer: { ...answer, flow: after.flow } };
    }
    case "locked":
    case "rejected":
      return { jar, answer: maskedRefusal(answer, jar, asked) };
    case "failed":
      return isUnproved(answer, jar, asked)
        ? { jar, answer: maskedRefusal(answer, jar, asked) }
        : shownRefusal(answer, jar, asked);
    case "rate-limited":
      return shownRefusal(answer, jar, asked);
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

/**
 * A limit is everybody's; the flow that a decoy was told of beside it is not what the client is led through.
 * Its end is: nobody could go on.
 */
function withoutFlow(answer: UpstreamAnswer): UpstreamAnswer {
  return answer.kind === "rate-limited" && !hasEnded(answer) ? { ...answer, flow: undefined } : answer;
}

/** Reasons that speak of the person. How often we may ask is the same for everybody. */
function isAboutPerson(kind: UpstreamAnswer["kind"]): boolean {
  return kind === "failed" || kind === "locked" || kind === "rejected";
}

/** Whether PingOne has refused the name, or won't sign the person on who has it. */
function namesNobody(answer: UpstreamAnswer, { asksName, status, step }: Question): boolean {
  if (!asksName || isAboutChoice(answer) || (step !== "start" && provesBy(answer, step))) return false;
  return answer.kind === "flow" ? answer.flow.status === status : isAboutPerson(answer.kind);
}

/** Whether it finds only that something is wrong with what was just chosen. */
function isAboutChoice(answer: UpstreamAnswer): boolean {
  return answer.kind === "rejected" && answer.fault !== undefined;
}

/** Whether PingOne has ended a flow at a step that would go on for ever if there were nobody. */
function hasLostPerson(answer: UpstreamAnswer, { standing }: Jar, { step }: Question): boolean {
  if (step === "start" || !steps[step].countsAttempt) return false;
  if (!namesPerson(step)) {
    return standing === "named" && (hasEnded(answer) || answer.kind === "gone") && !provesBy(answer, step);
  }
  return hasEnded(answer) && !provesBy(answer, step) && !(isAboutChoice(answer) && standing === undefined);
}

/** Only who has given what is right is told what else is missing. */
function provesBy(answer: UpstreamAnswer, step: StepName): boolean {
  return steps[step].failureIsProof === true && answer.kind === "failed" && answer.failure !== undefined;
}

function hasEnded(answer: UpstreamAnswer): boolean {
  return "flow" in answer && answer.flow?.status === "FAILED";
}

function decoyAnswer({ asksName, again, before = {}, now, step }: Question): UpstreamAnswer {
  const flow = asksName ? decoyFlow(step, before, now) : again;
  return flow === undefined ? { kind: "rejected" } : { kind: "flow", flow };
}

/** Whether the person is only named, and the step names nobody: a decoy's would be answered alike. */
function isUnproved(answer: UpstreamAnswer, { standing }: Jar, { step }: Question): boolean {
  return standing === "named" && step !== "start" && !namesPerson(step) && !provesBy(answer, step);
}

/**
 * No difference between locked and wrong; and the one device that is offered is nobody's to refuse. What is
 * wrong with something new is told only to who has been proved: a decoy can't judge it.
 */
function maskedRefusal(answer: Refusal, { standing }: Jar, { step, again }: Question): UpstreamAnswer {
  const sendsAgain = step !== "start" && (takesDevice(step) || steps[step].resends === true);
  if (standing === "named" && sendsAgain && again !== undefined) return { kind: "flow", flow: again };
  // Before anybody is proved, how far PingOne slid the expiry would tell where it gave its reason.
  const fault = answer.kind === "rejected" && standing === undefined ? { fault: answer.fault } : {};
  return hasEnded(answer)
    ? { kind: "rejected", flow: answer.flow, ...fault }
    : { kind: "rejected", ...fault };
}

/** A refusal that is told shows of the flow beside it what any other answer shows. */
function shownRefusal(answer: Refusal, jar: Jar, asked: Question): AnswerWithJar {
  if (answer.flow === undefined || hasEnded(answer)) return { jar, answer };
  const after = shown(answer.flow, jar, asked);
  return { jar: after.jar, answer: { ...answer, flow: after.flow } };
}

function shown(
  flow: UpstreamFlow,
  jar: Jar,
  asked: Question,
): { readonly jar: Jar; readonly flow: UpstreamFlow } {
  const standing = standingAfter(flow, jar, asked);
  const isNamed = standing === "named";
  const selectedDevice = isNamed ? flow.details.selectedDevice : undefined;
  const shape = isNamed ? namedFlow(flow, asked) : { ...flow, details: provedDetails(flow) };
  return { jar: { ...jar, standing, selectedDevice }, flow: shape };
}

function standingAfter({ status }: UpstreamFlow, jar: Jar, asked: Question): Standing | undefined {
  if (status === asked.status) return jar.standing;
  if (asked.step !== "start" && steps[asked.step].forgetsPerson === true) return undefined;
  if (asked.step !== "start" && steps[asked.step].triesCredential) return undefined;
  return asked.asksName || (asked.step !== "start" && asksAboutName(asked.step)) ? "named" : jar.standing;
}

/** The same members, the same steps and the same life, whoever it is. */
function namedFlow(flow: UpstreamFlow, { before = {}, now }: Question): UpstreamFlow {
  const decoy = decoyIn(flow.status);
  const actions = flow.actions.filter((action) => decoy?.actions.includes(action) !== false);
  return { ...flow, ...lifeFrom(now), actions, details: namedDetails(flow, before) };
}

/**
 * Devices, passkeys, attributes and agreements only where there is no going on without them; that status
 * tells of them anyway.
 */
function namedDetails({ status, details }: UpstreamFlow, before: FlowDetails): FlowDetails {
  const { selectedDevice, devices, identityProvider, publicKey, profile, agreement, more } = details;
  const decoy = decoyIn(status);
  const { passwordPolicy } = decoy === undefined ? {} : detailsFor(decoy, before);
  return {
    ...(selectedDevice === undefined ? {} : { selectedDevice: chosenDevice }),
    ...(identityProvider === undefined ? {} : { identityProvider }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(profile === undefined ? {} : { profile }),
    ...(agreement === undefined ? {} : { agreement }),
    ...(more === undefined ? {} : { more }),
    ...(status === "DEVICE_SELECTION_REQUIRED" && devices ? { devices: devices.map(withoutHint) } : {}),
    ...(passwordPolicy === undefined ? {} : { passwordPolicy }),
  };
}

function provedDetails({ details: { email: _, ...details } }: UpstreamFlow): FlowDetails {
  const { devices } = details;
  return devices === undefined ? details : { ...details, devices: devices.map(withoutHint) };
}

function withoutHint({ id, type }: Device): Device {
  return { id, type };
}
