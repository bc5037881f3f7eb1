import { tokenIn } from "../table/tokens.ts";
import type { AnswerSight, Check } from "./check.ts";
import type { Deeds } from "./ledger.ts";

/** The newest token is whose it is. */
export const newestToken: Check = {
  name: "newest token",
  promise: "Nobody is handed a token but whose commit drew it, and who repeats the request that it answers.",
  onAnswer: ({ deeds, answer, ledger }: AnswerSight) => {
    const isCode = answer.reply.kind === "authorized";
    if (isCode && !deeds.kinds.has("current") && answer.flowToken === undefined) {
      return `${deeds.name} is given the code`;
    }
    if (answer.flowToken === undefined || deeds.role === "starter") return undefined;
    const drawn = ledger.drawn.get(tokenIn(answer.flowToken)?.hash ?? "");
    if (drawn === undefined) return `nobody drew the token that ${deeds.name} is given`;
    if (drawn.by === deeds.name) return undefined;
    const origin = ledger.deeds.get(drawn.answers);
    return origin !== undefined && isSameRequest(origin, deeds)
      ? undefined
      : `${deeds.name} is given another's token`;
  },
};

function isSameRequest(one: Deeds, other: Deeds): boolean {
  return one.token === other.token && one.canonical !== undefined && one.canonical === other.canonical;
}
