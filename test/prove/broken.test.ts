import { it } from "vitest";
import { crash } from "./crash.ts";
import { expired } from "./expired.ts";
import { faultMatrix } from "./fault-matrix.ts";
import { goesOnWithoutProgress, keepsDefaultRetries } from "./kit/broken-definitions.ts";
import {
  asksAtOnce,
  forgetsDeadlines,
  keepsTokens,
  keepsWhatItReturns,
  knowsNoOwnWrites,
  resendsWhatIsUnchanged,
  retries,
  takesReadsForHarmless,
  trustsOwnClock,
} from "./kit/broken-ports.ts";
import { expectNoticed, noticing } from "./kit/noticing.ts";
import { seededRandom } from "./kit/random.ts";
import { pressure } from "./pressure.ts";
import { race } from "./race.ts";
import { replay } from "./replay.ts";
import { settlingRace } from "./settling-race.ts";
import { skew } from "./skew.ts";
import { soak } from "./soak.ts";
import { staleSocket } from "./stale-socket.ts";
import { throttle } from "./throttle.ts";
import { truth } from "./truth.ts";
import { workflow } from "./workflow.ts";

noticing([
  {
    proof: race,
    that: "claims only when it commits",
    defect: { named: "claims late" },
    scale: 0.001,
    told: /race, password: \d\d calls/,
  },
  {
    proof: replay,
    that: "lets old tokens act",
    defect: { ports: keepsTokens },
    scale: 0.006,
    told: /made a call/,
  },
  {
    proof: faultMatrix,
    that: "sends again after a doubt",
    defect: { ports: retries },
    scale: 0.3,
    only: ["password"],
    told: /made 2 calls/,
  },
  {
    proof: crash,
    that: "keeps its claim to itself",
    defect: { named: "claims late" },
    scale: 0.02,
    only: ["password"],
    told: /one token bought usernamePassword.check, usernamePassword.check/,
  },
  {
    proof: settlingRace,
    that: "takes an unchanged status for leave to send again",
    defect: { ports: resendsWhatIsUnchanged },
    scale: 0.01,
    told: /PingOne was asked read, /,
  },
  {
    proof: settlingRace,
    that: "asks for a code again whenever somebody comes",
    defect: { ports: asksAtOnce },
    scale: 0.03,
    told: /to who came before the time/,
  },
  {
    proof: throttle,
    that: "takes its own write for another's",
    defect: { client: knowsNoOwnWrites },
    scale: 0.1,
    only: ["lookup", "password"],
    told: /lost replies: \w+ got flow-not-found/,
  },
  {
    proof: truth,
    that: "keeps the attempt that it says it gave back",
    defect: { ports: keepsWhatItReturns },
    scale: 0.2,
    only: ["password"],
    told: /says attemptCounted false: the row counted 1/,
  },
  {
    proof: truth,
    that: "takes a poll whose answer is lost for one that was never sent",
    defect: { ports: takesReadsForHarmless },
    scale: 0.3,
    only: ["poll"],
    told: /upstream-unavailable to status, and PingOne had read/,
  },
  {
    proof: expired,
    that: "claims what is over",
    defect: { ports: forgetsDeadlines },
    scale: 0.002,
    told: /expired: \d+ calls/,
  },
  {
    proof: skew,
    that: "trusts its own clock",
    defect: { ports: trustsOwnClock },
    scale: 0.1,
    told: /skew -40 s, .*, 1 calls/,
  },
  {
    proof: staleSocket,
    that: "trusts a kept socket",
    defect: { named: "keeps sockets" },
    scale: 0.01,
    told: /outcome-unknown after 0 calls/,
  },
  {
    proof: pressure,
    that: "sends on after a 429",
    defect: { named: "sheds nothing" },
    scale: 0.02,
    told: /before Retry-After had ended/,
  },
  {
    proof: workflow,
    that: "presents a password again that PingOne did not take",
    defect: { definition: goesOnWithoutProgress },
    scale: 0.03,
    told: /workflow, .*: [23] calls of/,
  },
  {
    proof: workflow,
    that: "tries again what Lambda lost",
    defect: { definition: keepsDefaultRetries },
    scale: 0.03,
    told: /was tried again before anybody asked/,
  },
]);

it("the soak notices a function that keeps what it saw", async () => {
  const { misses } = await soak({
    ...{ minutes: 0.1, concurrent: 4, thinkMs: 20, defect: { named: "leaks" } },
    random: seededRandom(1),
    print: () => undefined,
  });
  expectNoticed(misses, /the heap grew/);
});
