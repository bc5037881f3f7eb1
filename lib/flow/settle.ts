import { askWhatBecame } from "./ask.ts";
import { conclude, endUnusable, traceUpstream, unlessUnavailable } from "./conclude.ts";
import type { FlowPorts, FlowRequest } from "./context.ts";
import { perhaps, perhapsCounted, withCount } from "./counted.ts";
import { abandon, type Decision, decideAskedAgain, decideSettled } from "./decide.ts";
import { type Doubt, doubtIn, inProgress, judgeAccess, refuse } from "./judge.ts";
import type { Answer } from "./reply.ts";
import { isLostWithAnswer, steps } from "./steps.ts";
import type { ClaimResult, HeldClaim } from "./store.ts";

/**
 * Learns what became of a doubtful step by reading, and commits it as the answer to the request that fell
 * into doubt. The request that settles never acts itself, whatever it asked for.
 *
 * A doubtful resume is the exception that proves safe: it carries no credential, so it is asked of PingOne
 * again, as often as its pace allows until the flow's deadline.
 *
 * @returns what was learned, with the next flow token; or why nothing could be, with the doubt still there
 */
export async function settle(ports: FlowPorts, request: FlowRequest, doubt: Doubt): Promise<Answer> {
  const { clock, settings, store } = ports;
  const now = clock.now();
  const early = tooEarly(doubt, now);
  if (early !== undefined) return early;
  const until = now + settings.budgets.leaseMs;
  const won = await unlessUnavailable(store.takeOver({ ...request.key, seen: doubt.claim, now, until }));
  request.trace.claimMs = clock.now() - now;
  const { step } = doubt.claim;
  if (won === undefined) return refuse(withCount({ error: "upstream-unavailable" }, perhapsCounted(step)));
  if (won.kind === "refused") {
    const answer = beaten(won, clock.now());
    return won.isRetried === true ? perhaps(answer, step) : answer;
  }
  if (won.kind === "unusable") {
    return endUnusable(ports, request, { claim: won.claim, step, wasCounted: steps[step].countsAttempt });
  }
  return conclude(ports, request.trace, won.claim, await learn(ports, request, won.claim, doubt));
}

/** Whoever comes before a resume may be asked again is told when that is. */
function tooEarly(doubt: Doubt | undefined, now: number): Answer | undefined {
  if (doubt === undefined || doubt.settleAt <= now) return undefined;
  const retryAfter = Math.ceil((doubt.settleAt - now) / 1000);
  return refuse(withCount({ error: "outcome-unknown", retryAfter }, perhapsCounted(doubt.claim.step)));
}

/** Another request settles, or has settled: the token tells which. */
function beaten({ found }: ClaimResult & { kind: "refused" }, now: number): Answer {
  const access = judgeAccess(found, now);
  if (access.kind === "refused") return access.answer;
  return tooEarly(doubtIn(found, now), now) ?? refuse(inProgress);
}

async function learn(
  ports: FlowPorts,
  { device, trace }: FlowRequest,
  { flow, jar }: HeldClaim,
  doubt: Doubt,
): Promise<Decision> {
  // PingOne's id of the flow has never arrived: there is nothing to read.
  if (jar.upstreamFlowId === "") return abandon(flow, jar);
  // What it gave, if it gave anything, can't be had again; nor does a read tell.
  if (isLostWithAnswer(doubt.claim.step)) return abandon(flow, jar);
  const { clock, provider, settings } = ports;
  const from = clock.now();
  const application = settings.applications[jar.application];
  const asksAgain = doubt.claim.step === "resume" && application !== undefined;
  const upstream = asksAgain
    ? await provider.act(steps.resume.command({}), jar, application, device)
    : await askWhatBecame(ports, { flow, jar }, doubt.claim.step, device);
  const now = clock.now();
  traceUpstream(trace, upstream, now - from);
  return asksAgain
    ? decideAskedAgain({ step: "resume", flow, application, upstream, now })
    : decideSettled({ step: doubt.claim.step, flow, jar: upstream.jar, now, answer: upstream.answer });
}
