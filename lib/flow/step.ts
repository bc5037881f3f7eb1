import { askForStep } from "./ask.ts";
import { conclude, traceUpstream, unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest, FlowSettings } from "./context.ts";
import { abandon, authorizationOf, type Decision, decide, release } from "./decide.ts";
import type { FlowProblem } from "./errors.ts";
import type { Flow } from "./flow.ts";
import { doubtIn, judgeStep, refuse } from "./judge.ts";
import { nameIn, objectionByLimits } from "./limits.ts";
import { statusIn } from "./log-text.ts";
import type { Answer, Found, HeldClaim } from "./ports.ts";
import { settle } from "./settle.ts";
import { canonicalRequest, type StepCommand, steps } from "./steps.ts";

/** One request for a step. */
export interface StepRequest extends FlowRequest {
  readonly command: StepCommand;
}

/**
 * Takes one step of a flow: claims it, calls PingOne once, and always commits what came of it.
 *
 * @returns the flow's view, the authorization code, or a problem; with the next flow token where a commit drew one.
 *   Never throws for what PingOne, the network or the store do.
 */
export async function step(ports: FlowPorts, request: StepRequest): Promise<Answer> {
  const { clock } = ports;
  const { command, network, trace } = request;
  const now = clock.now();
  // Beside each other; and both awaited, whatever becomes of either: Lambda may freeze what is left running.
  const [claiming, admission] = await Promise.allSettled([
    claim(ports, request, now),
    objectionByLimits(ports, nameIn(command), network),
  ]);
  trace.claimMs = clock.now() - now;
  if (claiming.status === "rejected") throw claiming.reason;
  const claimed = claiming.value;
  if (claimed === undefined) return refuse({ code: "upstream-unavailable" });
  if (claimed.kind === "refused") return refused(ports, request, claimed.found);
  trace.statusBefore = statusIn(claimed.claim.flow.status);
  const decision = await decideOrDoubt(claimed.claim, async () => {
    if (admission.status === "rejected") throw admission.reason;
    const objection = admission.value;
    return objection === undefined
      ? act(ports, request, claimed.claim)
      : release(claimed.claim.jar, objection, true);
  });
  return conclude(ports, request.trace, claimed.claim, decision);
}

function claim({ settings, store }: FlowPorts, { command, key }: StepRequest, now: number) {
  const { countsAttempt, triesCredential } = steps[command.step];
  return unlessUnavailable(
    store.claim({
      ...key,
      step: command.step,
      canonical: canonicalRequest(command),
      now,
      until: now + settings.budgets.leaseMs,
      attemptLimit: countsAttempt ? settings.attemptLimit : undefined,
      credentialLimit: triesCredential ? settings.credentialLimit : undefined,
    }),
  );
}

/** What nobody foresaw must not leave a claim behind that says nothing: it is a doubt like any other. */
async function decideOrDoubt(claim: HeldClaim, work: () => Promise<Decision>): Promise<Decision> {
  try {
    return await work();
  } catch (error) {
    await claim.markDoubtful(claim.jar).catch(() => undefined);
    throw error;
  }
}

/** What to make of a claim that was not won. */
async function refused(ports: FlowPorts, request: StepRequest, found: Found | undefined): Promise<Answer> {
  const { clock, settings } = ports;
  const { command, trace } = request;
  const now = clock.now();
  if (found?.token === "current" && found.flow !== undefined)
    trace.statusBefore = statusIn(found.flow.status);
  const doubt = doubtIn(found, now);
  if (doubt !== undefined) return settle(ports, request, doubt);
  return (
    resumedAnswer(settings, command, found, now) ?? judgeStep(found, command.step, { now, limits: settings })
  );
}

/** A resumed flow gives its code again to the holder of the new token; the old one's repetition is a replay. */
function resumedAnswer(
  { applications }: FlowSettings,
  { step: name }: StepCommand,
  found: Found | undefined,
  now: number,
): Answer | undefined {
  const jar = found?.jar;
  if (name !== "resume" || found?.flow?.status !== "RESUMED" || jar?.code === undefined) return undefined;
  const application = applications[jar.application];
  if (found.flow.deadline <= now || application === undefined) return undefined;
  return { reply: authorizationOf(jar, jar.code, application) };
}

async function act(ports: FlowPorts, request: StepRequest, claim: HeldClaim): Promise<Decision> {
  const { clock, settings } = ports;
  const { command, device, trace } = request;
  const { flow, jar } = claim;
  const application = settings.applications[jar.application];
  const objection = objectionTo(command, flow);
  if (application === undefined) return abandon(flow, jar);
  if (objection !== undefined) return release(jar, objection, true);
  const sentAt = clock.now();
  // A function frozen since its claim must not begin what its lease can't hold.
  if (sentAt + settings.budgets.actAndCommitMs > claim.until) {
    return release(jar, { code: "upstream-unavailable" }, true);
  }
  const upstream = await askForStep(ports, claim, { command, device, application });
  const now = clock.now();
  traceUpstream(trace, upstream, now - sentAt);
  return decide({ step: command.step, flow, application, upstream, now });
}

/** What the flow itself tells against a request that is well-formed: PingOne need not be asked. */
function objectionTo(command: StepCommand, { details }: Flow): FlowProblem | undefined {
  switch (command.step) {
    case "otp":
      return details.otpLength === undefined || command.otp.length === details.otpLength
        ? undefined
        : { code: "request-invalid", fields: ["otp"] };
    case "device":
      return details.devices === undefined || details.devices.some(({ id }) => id === command.deviceId)
        ? undefined
        : { code: "request-invalid", fields: ["deviceId"] };
    case "lookup":
    case "password":
    case "poll":
    case "resume":
      return undefined;
  }
}
