import type { Answer } from "../../../lib/flow/reply.ts";
import type { FlowRow } from "../table/flow-row.ts";
import type { AnswerSight, Check, RowSight } from "./check.ts";
import type { Deeds } from "./ledger.ts";

/** Nobody gets in without a token. */
export const strangersOut: Check = {
  name: "strangers out",
  promise: "Nobody without a token of the flow learns or changes anything.",
  onRow: ({ deeds, before, after }: RowSight) => {
    if (before === undefined || before === after) return undefined;
    if (deeds.role === "workflow") {
      return changesOnly(before, after, ["waiter", "watched"]) ? undefined : "a look changes the row";
    }
    const seen = [...deeds.kinds];
    if (seen.includes("current")) return undefined;
    const isMiss = seen.includes("previous") && changesOnly(before, after, ["previous"]);
    return isMiss || isOwnLate(deeds, before) ? undefined : `${deeds.name} changes the row without its token`;
  },
  onAnswer: ({ deeds, answer }: AnswerSight) => {
    const isStranger = deeds.kinds.size > 0 && [...deeds.kinds].every((kind) => kind === "none");
    if (!isStranger || deeds.role === "workflow" || deeds.role === "starter") return undefined;
    // Where no row is left, a repeated removal is answered as of a flow that there never was.
    if (answer.reply.kind === "cancelled" && deeds.rows.at(-1) === undefined) return undefined;
    return isTold(answer, deeds) ? undefined : `${deeds.name} learns ${JSON.stringify(answer)}`;
  },
};

/** What somebody without a token is told, whatever there is. */
function isTold(answer: Answer, { isLost }: Deeds): boolean {
  const { reply, ...more } = answer;
  if (reply.kind !== "problem" || Object.keys(more).length > 0 || reply.flow !== undefined) return false;
  const { error, attemptCounted = null, ...members } = reply.problem;
  if (isLost) return error === "upstream-unavailable";
  // That nobody knows of an attempt says that the request was sent twice, and nothing of a flow.
  return error === "flow-not-found" && attemptCounted === null && Object.keys(members).length === 0;
}

/** A write of its own that arrives late, under a claim that it once had. */
function isOwnLate(deeds: Deeds, before: FlowRow): boolean {
  return deeds.rows.includes(before);
}

function changesOnly(
  before: FlowRow,
  after: FlowRow | undefined,
  names: readonly (keyof FlowRow)[],
): boolean {
  const left = Object.entries(after ?? {}).filter(([name]) => !names.some((one) => one === name));
  const right = Object.entries(before).filter(([name]) => !names.some((one) => one === name));
  return (
    after !== undefined &&
    left.length === right.length &&
    right.every(([name, value]) => Object(after)[name] === value)
  );
}
