import { canary } from "./canary.ts";
import { dump } from "./dump.ts";
import { fixation } from "./fixation.ts";
import { hijack } from "./hijack.ts";
import { keepsTokens } from "./kit/broken-ports.ts";
import {
  countsNoMisses,
  hashesPlainly,
  keepsCookies,
  keepsKeys,
  printsCommands,
  showsUpstreamIds,
  tellsThatItExists,
} from "./kit/broken-secrets.ts";
import { noticing } from "./kit/noticing.ts";

noticing([
  {
    proof: hijack,
    that: "tells that a flow exists",
    defect: { ports: tellsThatItExists },
    scale: 0.004,
    told: /not like an unknown flow/,
  },
  {
    proof: hijack,
    that: "lets old tokens act",
    defect: { ports: keepsTokens },
    scale: 0.02,
    told: /hijack, .*: accepted/,
  },
  {
    proof: fixation,
    that: "lets old tokens act",
    defect: { ports: keepsTokens },
    scale: 0.004,
    told: /codes for the attacker/,
  },
  {
    proof: fixation,
    that: "has any number of guesses looked at",
    defect: { client: countsNoMisses },
    scale: 0.01,
    told: /codes for the attacker/,
  },
  {
    proof: dump,
    that: "keeps a cookie in the clear",
    defect: keepsCookies(),
    scale: 0.003,
    told: /dump, commit: cookie/,
  },
  {
    proof: dump,
    that: "hashes a passcode plainly",
    defect: hashesPlainly(),
    scale: 0.003,
    told: /the passcode is found/,
  },
  {
    proof: dump,
    that: "keeps the key beside the lock",
    defect: keepsKeys(),
    scale: 0.002,
    told: /the table opens its own jar/,
  },
  {
    proof: canary,
    that: "prints what it sends",
    defect: { ports: printsCommands },
    scale: 0.01,
    told: /canary, logs and metrics: .*sent/,
  },
  {
    proof: canary,
    that: "shows PingOne's ids",
    defect: { ports: showsUpstreamIds },
    scale: 0.01,
    told: /canary, replies: .*upstreamFlowId/,
  },
  {
    proof: canary,
    that: "keeps a cookie in the clear",
    defect: keepsCookies(),
    scale: 0.01,
    told: /canary, table: .*cookie/,
  },
]);
