import type { Check } from "./check.ts";
import { cookieKept } from "./cookie-kept.ts";
import { deservedEnd } from "./deserved-end.ts";
import { fitOnly } from "./fit-only.ts";
import { inTime } from "./in-time.ts";
import { messagesCounted } from "./messages-counted.ts";
import { newestToken } from "./newest-token.ts";
import { oneLook } from "./one-look.ts";
import { provedFirst } from "./proved-first.ts";
import { signedOff } from "./signed-off.ts";
import { strangersOut } from "./strangers-out.ts";
import { tokensOnce } from "./tokens-once.ts";
import { toldOnce } from "./told-once.ts";
import { trueOffers } from "./true-offers.ts";
import { trueReasons } from "./true-reasons.ts";
import { trueStatus } from "./true-status.ts";
import { trueWords } from "./true-words.ts";

/** Everything that has to hold in every state. */
export const checks: readonly Check[] = [
  oneLook,
  cookieKept,
  trueWords,
  trueReasons,
  strangersOut,
  newestToken,
  toldOnce,
  trueStatus,
  trueOffers,
  messagesCounted,
  deservedEnd,
  inTime,
  signedOff,
  tokensOnce,
  provedFirst,
  fitOnly,
];
