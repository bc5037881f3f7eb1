import type { FlowSettings } from "../../../lib/flow/context.ts";
import type { ProblemName } from "../../../lib/flow/problems.ts";
import type { UpstreamAnswer } from "../../../lib/flow/provider.ts";
import { steps } from "../../../lib/flow/steps.ts";
import { isReadable } from "../table/flow-row.ts";
import { applicationIn } from "./application.ts";
import { isUsedUp } from "./attempts.ts";
import type { AnswerSight, Check } from "./check.ts";
import { pastCredentials } from "./proved-first.ts";

/** A problem has a reason. */
export const trueReasons: Check = {
  name: "true reasons",
  promise: "A problem is told for a reason: what the row says, what PingOne answered, or what was lost.",
  onAnswer: (sight: AnswerSight) => {
    const { answer, deeds } = sight;
    const isReplay = answer.flowToken !== undefined && !deeds.hasDrawn;
    if (answer.reply.kind !== "problem" || isReplay) return undefined;
    const { error } = answer.reply.problem;
    return reasons[error](sight) ? undefined : `${deeds.name} is told ${error} for no reason`;
  },
};

type Reason = (sight: AnswerSight) => boolean;

const reasons: Readonly<Record<ProblemName, Reason>> = {
  "request-invalid": ({ deeds, ledger, settings }) =>
    deeds.calls === 0
      ? hasObjection(deeds, settings) || deeds.isUnfit || deeds.reading === "refused"
      : isAnswered(deeds, "rejected", ...ifHidden(deeds, ledger)),
  "credentials-rejected": wasRejected,
  "otp-rejected": wasRejected,
  "name-taken": wasRejected,
  "refresh-rejected": ({ deeds }) =>
    deeds.asked?.kind === "renew" && isAnswered(deeds, "denied", "signed-out"),
  "password-refused": wasRejected,
  "assertion-rejected": wasRefused,
  "push-denied": wasRefused,
  "profile-rejected": wasRejected,
  "consent-refused": wasRefused,
  "locked-out": ({ deeds }) => isAnswered(deeds, "locked"),
  "flow-not-found": ({ deeds }) =>
    last(deeds) === undefined || (deeds.role !== "workflow" && deeds.kinds.has("none")),
  "token-superseded": ({ deeds }) => deeds.kinds.has("previous"),
  "idempotency-key-reused": ({ deeds }) => last(deeds)?.startHash !== undefined,
  "flow-expired": ({ deeds, world }) =>
    isAnswered(deeds, "gone") || (last(deeds)?.deadline ?? Number.POSITIVE_INFINITY) <= world.now,
  "flow-failed": ({ deeds, ledger }) =>
    last(deeds)?.status === "FAILED" ||
    isAnswered(deeds, "failed", "denied", "refused") ||
    // A lock that may not be told has no rejection to hide behind at a step that turns nothing down.
    (ledger.isMinimal && isAnswered(deeds, "locked") && turnsNothingDown(deeds)),
  "wrong-step": ({ deeds }) => deeds.step !== undefined && last(deeds)?.next.includes(deeds.step) === false,
  "step-in-progress": ({ deeds }) => deeds.rows.some((row) => row?.claim !== undefined),
  "attempts-exhausted": ({ deeds, settings }) => {
    const row = last(deeds);
    return row !== undefined && deeds.step !== undefined && isUsedUp(deeds.step, row, settings);
  },
  "rate-limited": ({ deeds }) => deeds.isLimited || isAnswered(deeds, "rate-limited"),
  "unsupported-step": ({ deeds }) =>
    isAnswered(deeds, "unsupported") || last(deeds)?.next.length === 0 || isLedPastCredentials(deeds),
  "outcome-unknown": ({ deeds }) =>
    deeds.isLost || deeds.wasFrozen || deeds.calls > 0 || (last(deeds)?.resumeAt ?? 0) > deeds.askedAt,
  "upstream-unavailable": ({ deeds }) =>
    [deeds.isLost, deeds.isUnheard, deeds.wasFrozen, deeds.reading === "unavailable"].includes(true) ||
    isAnswered(deeds, "unsent", "refused") ||
    // Whoever is not proved to be signed off may ask for it again.
    (deeds.asked?.kind === "sign off" && !isAnswered(deeds, "signed-out")),
  "restart-required": ({ deeds }) => {
    const row = last(deeds);
    const isOver = row !== undefined && (row.status === "RESTART_REQUIRED" || !isReadable(row));
    return isOver || deeds.role === "starter" || isAnswered(deeds, "signed-out", "gone");
  },
};

function last({ rows }: AnswerSight["deeds"]) {
  return rows.at(-1);
}

function isAnswered({ answer }: AnswerSight["deeds"], ...kinds: readonly UpstreamAnswer["kind"][]): boolean {
  return answer !== undefined && kinds.includes(answer.kind);
}

function wasRejected({ deeds, ledger }: AnswerSight): boolean {
  return isAnswered(deeds, "rejected", ...ifHidden(deeds, ledger));
}

/** What PingOne says when it ends a flow for such a reason is not known. */
function wasRefused({ deeds, ledger }: AnswerSight): boolean {
  return isAnswered(deeds, "rejected", "failed", ...ifHidden(deeds, ledger));
}

/**
 * Where little may be told, or the flow is a decoy's, a rejection stands for more than that, and for a
 * person that there isn't.
 */
function ifHidden(
  { rows }: AnswerSight["deeds"],
  { isMinimal }: AnswerSight["ledger"],
): readonly UpstreamAnswer["kind"][] {
  const isDecoy = rows.some((row) => row?.jar?.peek().standing === "decoy");
  return isMinimal || isDecoy ? ["failed", "flow", "gone", "locked", "rate-limited"] : [];
}

function turnsNothingDown({ step }: AnswerSight["deeds"]): boolean {
  return step !== undefined && steps[step].rejections.length === 0;
}

/** What the flow itself tells against the body of a step. */
/** A start whose flow asks for no credential any more. */
function isLedPastCredentials({ answer, role }: AnswerSight["deeds"]): boolean {
  return role === "starter" && answer?.kind === "flow" && pastCredentials.includes(answer.flow.status);
}

function hasObjection({ command, rows }: AnswerSight["deeds"], settings: FlowSettings): boolean {
  return rows.some((row) => {
    const application = row && applicationIn(row, settings);
    const standing = row?.jar?.peek().standing;
    return application && command?.objection({ details: row.view, standing, application }) !== undefined;
  });
}
