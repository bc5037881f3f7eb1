import type { ProblemName } from "../../../lib/flow/problems.ts";
import { type FlowRow, isReadable } from "../table/flow-row.ts";
import { type ProblemWords, wordsOf } from "../words.ts";
import { type AnswerSight, type Check, isAlive } from "./check.ts";
import type { Deeds } from "./ledger.ts";

/** The words of a problem are true. */
export const trueWords: Check = {
  name: "true words",
  promise: "attemptCounted, flowEnded and “not taken up” are true of what was counted, kept and sent.",
  onAnswer: (sight: AnswerSight) => {
    const { answer, ledger, deeds } = sight;
    const isReplay = answer.flowToken !== undefined && !deeds.hasDrawn;
    if (answer.reply.kind !== "problem" || deeds.role === "workflow" || isReplay) return undefined;
    const { problem, flow } = answer.reply;
    const words = wordsOf(problem, flow);
    // Who settles a doubt speaks of the request that fell into it.
    const subject = ledger.deeds.get(deeds.settles ?? "") ?? deeds;
    return (
      faultOfCount(problem.error, words, subject) ??
      faultOfSpending(problem.error, deeds) ??
      faultOfEnd(problem.error, words, sight)
    );
  },
};

function faultOfCount(
  error: ProblemName,
  { attemptCounted }: ProblemWords,
  subject: Deeds,
): string | undefined {
  const { attempts, looks, name, role } = subject;
  // A start is counted by limits alone: there is no row yet.
  const isCounted = attempts > 0 || (looks > 0 && role !== "starter");
  if (attemptCounted === null || attemptCounted === isCounted) return undefined;
  const counts = `the row counted ${attempts} for ${name}, PingOne looked ${looks} times`;
  return `${error} says attemptCounted ${attemptCounted}: ${counts}`;
}

function faultOfSpending(error: ProblemName, { hasActed, name }: Deeds): string | undefined {
  const isUnspent = error === "upstream-unavailable" || error === "rate-limited";
  return isUnspent && hasActed
    ? `${error} says that the call was not taken up: PingOne has acted for ${name}`
    : undefined;
}

function faultOfEnd(error: ProblemName, { flowEnded }: ProblemWords, { deeds, world }: AnswerSight) {
  const last = deeds.rows.at(-1);
  if (deeds.isLost || last === undefined || deeds.role === "starter" || !deeds.kinds.has("current")) {
    return undefined;
  }
  const isOver = !isAlive(last, world.now) || !isReadable(last) || isForgotten(last, deeds);
  const isUsedUp = last.next.length === 0 || error === "attempts-exhausted";
  return flowEnded && !isOver && !isUsedUp
    ? `${error} says that the flow has ended: it is at ${last.status}`
    : undefined;
}

/** Whether PingOne has said that it has no such flow: it can't go on then, whatever the row still says. */
function isForgotten({ jar }: FlowRow, { answeredIn }: Deeds): boolean {
  return answeredIn !== undefined && (!answeredIn.isKnown || jar?.peek().upstreamFlowId !== answeredIn.id);
}
