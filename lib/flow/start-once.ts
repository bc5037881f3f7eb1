import { admitStart, type Beginning, type Begun, begin } from "./begin.ts";
import { conclude, isLost, unlessUnavailable } from "./conclude.ts";
import type { FlowPorts } from "./context.ts";
import { ended } from "./decide.ts";
import { viewOf } from "./flow.ts";
import { doubtIn, inProgress, judgeAccess, refuse } from "./judge.ts";
import { idleLimitMs } from "./lifetime.ts";
import type { FlowProblem } from "./problems.ts";
import type { Answer } from "./reply.ts";
import { settle } from "./settle.ts";
import type { HeldClaim, StartKey, StartResult } from "./store.ts";

/** What makes a repetition of a start the same start. */
export type Once = Pick<StartKey, "canonical" | "idempotencyKey">;

/** The status of a row whose flow PingOne has yet to begin. No answer shows it. */
const starting = "STARTING";
/** A start spends nothing that a flow counts. Its claim is held as the step's that spends nothing either. */
const claimedAs = "poll";

type HeldStart = Extract<StartResult, { kind: "held" }>;
type RefusedStart = Extract<StartResult, { kind: "refused" }>;

/**
 * Starts a flow under a key of the client's, so that a repetition is no second start.
 *
 * The flow's id and first token are made of the key and the request, so a claimed row can be put before
 * PingOne is asked. A repetition then finds the row: it is told to wait, gets the answer that was committed,
 * or settles what nobody finished. Where PingOne's answer never arrived, its id of the flow is lost, and so
 * is the flow.
 *
 * @returns what a start without a key returns; `idempotency-key-reused` for another request under the key
 */
export async function startOnce(ports: FlowPorts, once: Once, beginning: Beginning): Promise<Answer> {
  const { clock, settings, store } = ports;
  const { command, trace } = beginning;
  const now = clock.now();
  const flow = {
    createdAt: now,
    state: { status: starting, next: [], details: {}, deadline: now + idleLimitMs },
    jar: { upstreamFlowId: "", cookies: [], state: "", nonce: "", application: command.applicationName },
  };
  const until = now + settings.budgets.leaseMs;
  const put = await unlessUnavailable(store.open({ ...once, flow, step: claimedAs, now, until }));
  trace.claimMs = clock.now() - now;
  if (put === undefined) return refuse({ error: "upstream-unavailable" });
  return put.kind === "held" ? beginUnder(ports, put, beginning) : answerToRepetition(ports, put, beginning);
}

/** What nobody foresaw must not leave a claim behind that says nothing. */
async function beginUnder(ports: FlowPorts, held: HeldStart, beginning: Beginning): Promise<Answer> {
  const { claim } = held;
  try {
    return await concludeStart(ports, claim, await beginOrNot(ports, claim, beginning), beginning);
  } catch (error) {
    await claim.markDoubtful(claim.jar).catch(() => undefined);
    throw error;
  }
}

async function beginOrNot(ports: FlowPorts, claim: HeldClaim, beginning: Beginning): Promise<Begun> {
  const { clock, settings } = ports;
  // Under the claim: a repetition uses up nobody's tries.
  const admission = await admitStart(ports, beginning);
  if (admission.kind === "refused") return admission;
  // A function frozen since its claim must not begin what its lease can't hold.
  if (clock.now() + settings.budgets.actAndCommitMs > claim.until) {
    return { kind: "refused", problem: { error: "upstream-unavailable" } };
  }
  return begin(ports, admission.beginning, admission.person);
}

async function concludeStart(
  ports: FlowPorts,
  claim: HeldClaim,
  begun: Begun,
  { trace }: Beginning,
): Promise<Answer> {
  const { flow } = claim;
  switch (begun.kind) {
    case "refused":
      return letGo(ports, claim, begun.problem);
    case "ended":
      // PingOne may have looked at a name: a repetition must find this answer, and not PingOne.
      return repeatable(
        await conclude(ports, trace, claim, ended(flow, begun.status, begun.jar, begun.problem)),
      );
    case "begun": {
      const { state, jar } = begun.flow;
      const reply = { kind: "view", view: viewOf(flow.flowId, state) } as const;
      return repeatable(await conclude(ports, trace, claim, { kind: "commit", state, jar, reply }));
    }
  }
}

/** Whoever can't know whether the answer was kept asks again: nobody has the flow's id yet to read it by. */
function repeatable(answer: Answer): Answer {
  const { reply } = answer;
  const isUnknown = reply.kind === "problem" && reply.problem.error === "outcome-unknown";
  return isUnknown ? refuse(inProgress) : answer;
}

/** PingOne took nothing up, so no flow is kept. The same request again is a new start. */
async function letGo({ clock }: FlowPorts, claim: HeldClaim, problem: FlowProblem): Promise<Answer> {
  // A claim that stays behind is settled once its lease has ended: the problem is true all the same.
  await claim.expire(clock.now()).catch((error: unknown) => {
    if (!isLost(error)) throw error;
  });
  return refuse(problem);
}

async function answerToRepetition(
  ports: FlowPorts,
  { key, found, isSame }: RefusedStart,
  { device, network, trace }: Beginning,
): Promise<Answer> {
  const now = ports.clock.now();
  if (found === undefined) return refuse(inProgress);
  if (!isSame) return refuse({ error: "idempotency-key-reused" });
  const doubt = doubtIn(found, now);
  if (doubt !== undefined) return settle(ports, { key, device, network, trace }, doubt);
  // The flow has gone on since: its newer answers are its client's.
  if (found.token === "none") return refuse({ error: "token-superseded" });
  const access = judgeAccess(found, now);
  return access.kind === "refused" ? access.answer : refuse(inProgress);
}
