import { steps } from "../../../lib/flow/steps.ts";
import { tokens } from "../pingone/grants.ts";
import type { Check } from "./check.ts";

/** Tokens are had once. */
export const tokensOnce: Check = {
  name: "tokens once",
  promise: "A code is shown to PingOne once; the tokens reach whoever asked, and are kept nowhere.",
  onRow: ({ after }) => {
    const kept = after?.previous?.reply.content() ?? "";
    return kept.includes(tokens.access_token) ? "tokens are in the row" : undefined;
  },
  onCall: ({ call, before, deeds }) => {
    const isExchange = call.kind === "act" && steps[call.step].call.kind === "exchange";
    return isExchange && before?.isRedeemed === true ? `${deeds.name} shows the code again` : undefined;
  },
  onAnswer: ({ answer: { reply }, deeds }) => {
    const isGiven = deeds.answer?.kind === "redeemed";
    const isTold = reply.kind === "redeemed" || reply.kind === "refreshed";
    return isGiven === isTold ? undefined : `${deeds.name} is told ${reply.kind} for ${deeds.answer?.kind}`;
  },
};
