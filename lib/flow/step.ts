import type { Application } from "./application.ts";
import { askForStep } from "./ask.ts";
import { conclude, endUnusable, traceUpstream, unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest, FlowSettings } from "./context.ts";
import { perhaps, perhapsCounted, withCount } from "./counted.ts";
import { abandon, authorizationOf, type Decision, decide, release } from "./decide.ts";
import { attemptsBefore, hasCredentialFor, resumed } from "./flow.ts";
import { doubtIn, judgeStep, refuse } from "./judge.ts";
import { admit, withPerson } from "./limits.ts";
import { statusIn } from "./log-text.ts";
import type { FlowProblem } from "./problems.ts";
import type { Answer } from "./reply.ts";
import { settle } from "./settle.ts";
import { canonicalRequest, type StepCommand, steps } from "./steps.ts";
import type { FlowRecord, HeldClaim } from "./store.ts";

/** One request for a step. */
export interface StepRequest extends FlowRequest {
  readonly command: StepCommand;
}

/**
 * Takes one step of a flow: claims it, calls PingOne once, and always commits what came of it.
 *
 * @returns the flow's view, the authorization code, or a problem; with the next flow token where a commit
 *   drew one. Never throws for what PingOne, the network or the store do.
 */
export async function step(ports: FlowPorts, request: StepRequest): Promise<Answer> {
  const letGo = ports.provider.prepare();
  try {
    return await claimAndAct(ports, request);
  } finally {
    letGo();
  }
}

async function claimAndAct(ports: FlowPorts, request: StepRequest): Promise<Answer> {
  const { clock, settings, store } = ports;
  const { command, key, trace } = request;
  const { triesCredential } = steps[command.step];
  const now = clock.now();
  const claimed = await unlessUnavailable(
    store.claim({
      ...key,
      step: command.step,
      canonical: canonicalRequest(command),
      now,
      until: now + settings.budgets.leaseMs,
      attemptLimit: attemptsBefore(command.step, settings),
      credentialLimit: triesCredential ? settings.credentialLimit : undefined,
    }),
  );
  trace.claimMs = clock.now() - now;
  // The claim may have been written. PingOne has not been asked, so the same request is safe: it meets that
  // claim.
  if (claimed === undefined) {
    return refuse(withCount({ error: "upstream-unavailable" }, perhapsCounted(command.step)));
  }
  if (claimed.kind === "refused") {
    const answer = await answerToRefusal(ports, request, claimed.found);
    return claimed.isRetried === true ? perhaps(answer, command.step) : answer;
  }
  if (claimed.kind === "unusable") {
    return endUnusable(ports, request, { claim: claimed.claim, step: command.step, wasCounted: false });
  }
  trace.statusBefore = statusIn(claimed.claim.flow.status);
  return conclude(ports, request.trace, claimed.claim, await actOrDoubt(ports, request, claimed.claim));
}

/** What nobody foresaw must not leave a claim behind that says nothing: it is a doubt like any other. */
async function actOrDoubt(ports: FlowPorts, request: StepRequest, claim: HeldClaim): Promise<Decision> {
  try {
    return await act(ports, request, claim);
  } catch (error) {
    await claim.markDoubtful(claim.jar).catch(() => undefined);
    throw error;
  }
}

/** What to make of a claim that was not won. */
async function answerToRefusal(
  ports: FlowPorts,
  request: StepRequest,
  found: FlowRecord | undefined,
): Promise<Answer> {
  const { clock, settings } = ports;
  const { command, trace } = request;
  const now = clock.now();
  if (found?.token === "current" && found.flow !== undefined) {
    trace.statusBefore = statusIn(found.flow.status);
  }
  const doubt = doubtIn(found, now);
  if (doubt !== undefined) return settle(ports, request, doubt);
  return (
    resumedAnswer(settings, command, found, now) ?? judgeStep(found, command.step, { now, limits: settings })
  );
}

/**
 * A resumed flow gives its code again to the holder of the new token; the old one's repetition is a replay.
 */
function resumedAnswer(
  { applications }: FlowSettings,
  { step: name }: StepCommand,
  found: FlowRecord | undefined,
  now: number,
): Answer | undefined {
  const jar = found?.jar;
  if (name !== "resume" || found?.flow?.status !== resumed || jar?.code === undefined) return undefined;
  const application = applications[jar.application];
  if (found.flow.deadline <= now || application === undefined) return undefined;
  return { reply: authorizationOf(found.flow.flowId, jar, jar.code, application) };
}

async function act(ports: FlowPorts, request: StepRequest, claim: HeldClaim): Promise<Decision> {
  const { clock, settings } = ports;
  const { command, device, network, trace } = request;
  const { flow, jar } = claim;
  const { flowId } = flow;
  const { step, person: name, unexplained } = command;
  const application = settings.applications[jar.application];
  if (application === undefined) return abandon(flow, jar);
  const objection = objectionTo(command, claim, settings, application);
  if (objection !== undefined) return release(jar, objection, true);
  // Under the claim: who has no flow, or only repeats a request, uses up nobody's tries.
  const { sendsMessage } = steps[step];
  const admission = await admit(ports, { name, person: jar.person, flowId, network, sendsMessage });
  if (admission.kind === "refused") return release(jar, admission.problem, true);
  const sentAt = clock.now();
  // A function frozen since its claim must not begin what its lease can't hold.
  if (sentAt + settings.budgets.actAndCommitMs > claim.until) {
    return release(jar, { error: "upstream-unavailable" }, true);
  }
  const asked = await askForStep(ports, claim, { command, device, application });
  const now = clock.now();
  traceUpstream(trace, asked, now - sentAt);
  const upstream = withPerson(asked, admission.person);
  return decide({ step, unexplained, flow, application, upstream, now });
}

/** What the flow itself tells against a step: what it would lead to, or its body. */
function objectionTo(
  { step: name, objection }: StepCommand,
  { flow, jar }: HeldClaim,
  settings: FlowSettings,
  application: Application,
): FlowProblem | undefined {
  // A claim has counted its own try of a credential by now: only what is still to come is asked about.
  if (!steps[name].triesCredential && !hasCredentialFor(name, flow, settings)) {
    return { error: "attempts-exhausted" };
  }
  return objection({ details: flow.details, standing: jar.standing, application });
}
