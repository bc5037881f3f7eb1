import { actAndCommitMs, type Budgets } from "./budgets.ts";
import { type Decision, decide } from "./decide.ts";
import type { FlowProblem } from "./errors.ts";
import type { Flow } from "./flow.ts";
import { judgeStep, refuse } from "./judge.ts";
import {
  type Answer,
  type Application,
  ClaimLost,
  type Clock,
  type DeviceContext,
  type FlowKey,
  type FlowStore,
  type Found,
  type HeldClaim,
  type IdentityProvider,
  StoreUnavailable,
  type UpstreamReply,
} from "./ports.ts";
import { canonicalRequest, type StepCommand, steps } from "./steps.ts";

/** What every operation on flows needs. */
export interface FlowPorts {
  readonly store: FlowStore;
  readonly provider: IdentityProvider;
  readonly clock: Clock;
  readonly settings: FlowSettings;
}

/** What is configured, once for each environment. */
export interface FlowSettings {
  readonly budgets: Budgets;
  /** Attempts at lookup, password, otp and device in one flow, together. */
  readonly attemptLimit: number;
  /** The applications flows may be started for, by the name clients give. */
  readonly applications: Readonly<Record<string, Application>>;
}

/** What a request may put in its one log line: nothing of a person's, nothing of PingOne's but its correlation id. */
export interface Trace {
  statusBefore?: string;
  statusAfter?: string;
  correlationId?: string;
  upstreamStatus?: number;
  claimMs?: number;
  upstreamMs?: number;
  commitMs?: number;
}

/** One request for a step. */
export interface StepRequest {
  readonly key: FlowKey;
  readonly command: StepCommand;
  readonly device: DeviceContext;
  /** Filled in as the step goes. */
  readonly trace: Trace;
}

/**
 * Takes one step of a flow: claims it, calls PingOne once, and always commits what came of it.
 *
 * @returns the flow's view, the authorization code, or a problem; with the next flow token where a commit drew one.
 *   Never throws for what PingOne, the network or the store do.
 */
export async function step(ports: FlowPorts, request: StepRequest): Promise<Answer> {
  const { clock, settings, store } = ports;
  const { command, key, trace } = request;
  const now = clock.now();
  const claimed = await unlessUnavailable(
    store.claim({
      ...key,
      step: command.step,
      canonical: canonicalRequest(command),
      now,
      until: now + settings.budgets.leaseMs,
      attemptLimit: steps[command.step].countsAttempt ? settings.attemptLimit : undefined,
    }),
  );
  trace.claimMs = clock.now() - now;
  if (claimed === undefined) return refuse({ code: "upstream-unavailable" });
  if (claimed.kind === "refused") return refused(ports, request, claimed.found);
  trace.statusBefore = claimed.claim.flow.status;
  return settle(ports, request, claimed.claim, await act(ports, request, claimed.claim));
}

/** What to make of a claim that was not won. */
function refused(
  { clock, settings }: FlowPorts,
  { command, trace }: StepRequest,
  found: Found | undefined,
): Answer {
  if (found?.token === "current" && found.flow !== undefined) trace.statusBefore = found.flow.status;
  return (
    resumedAnswer(settings, command, found, clock.now()) ??
    judgeStep(found, command.step, { now: clock.now(), attemptLimit: settings.attemptLimit })
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
  const { code, state, nonce } = jar;
  return { reply: { kind: "authorized", code, state, nonce, redirectUri: application.redirectUri } };
}

async function act(ports: FlowPorts, request: StepRequest, claim: HeldClaim): Promise<Decision> {
  const { clock, provider, settings } = ports;
  const { command, device, trace } = request;
  const { flow, jar } = claim;
  const application = settings.applications[jar.application];
  const objection = objectionTo(command, flow);
  if (application === undefined) return release(jar, { code: "restart-required" });
  if (objection !== undefined) return release(jar, objection);
  const sentAt = clock.now();
  // A function frozen since its claim must not begin what its lease can't hold.
  if (sentAt + actAndCommitMs(settings.budgets) > (flow.claim?.until ?? 0)) {
    return release(jar, { code: "upstream-unavailable" });
  }
  const upstream = await provider.act(command, jar, application, device);
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
    case "resume":
      return undefined;
  }
}

async function settle(
  { clock }: FlowPorts,
  { trace }: StepRequest,
  claim: HeldClaim,
  decision: Decision,
): Promise<Answer> {
  const from = clock.now();
  try {
    return await write(claim, decision, trace, from);
  } catch (error) {
    // A lost release costs a lease's wait and nothing else: its problem is still the truth.
    if (!isLost(error)) throw error;
    return refuse(decision.kind === "release" ? decision.problem : { code: "outcome-unknown" });
  } finally {
    trace.commitMs = clock.now() - from;
  }
}

async function write(claim: HeldClaim, decision: Decision, trace: Trace, now: number): Promise<Answer> {
  switch (decision.kind) {
    case "commit": {
      const flowToken = await claim.commit(decision);
      trace.statusAfter = decision.state.status;
      return { reply: decision.reply, flowToken };
    }
    case "release":
      await claim.release(decision);
      return refuse(decision.problem);
    case "doubt":
      await claim.markDoubtful(decision.jar);
      return refuse({ code: "outcome-unknown" });
    case "expire":
      await claim.expire(now);
      return refuse({ code: "flow-expired" });
  }
}

/** Notes in the trace what the log may say of a call to PingOne. */
export function traceUpstream(trace: Trace, upstream: UpstreamReply, durationMs: number): void {
  trace.upstreamMs = durationMs;
  if (upstream.correlationId !== undefined) trace.correlationId = upstream.correlationId;
  if (upstream.httpStatus !== undefined) trace.upstreamStatus = upstream.httpStatus;
}

/** The value, or nothing when the store couldn't be reached. */
export async function unlessUnavailable<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}

function isLost(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof ClaimLost;
}

function release(jar: HeldClaim["jar"], problem: FlowProblem): Decision {
  return { kind: "release", jar, problem, attemptReturned: true };
}
