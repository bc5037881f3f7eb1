import { describe, it } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import type { FlowStore, HeldClaim } from "../../lib/flow/store.ts";
import { people } from "../simulator/people.ts";
import { enumeration } from "./enumeration.ts";
import { expectNoticed } from "./kit/noticing.ts";
import { conditionsWith, type Defect } from "./kit/proof.ts";
import { seededRandom } from "./kit/random.ts";

const known = new Set<unknown>(Object.values(people).map(({ username }) => username));

/**
 * Time that passes where a defect takes some; what a busy machine takes of it is drawn, the same each time.
 */
class MadeUpTime {
  readonly #random = seededRandom(1);
  #passed = 0;

  /** Each look is up to 2 ms late, and one in a hundred much later. */
  readonly now = () => {
    this.#passed += 2 * this.#random.next() + (this.#random.chance(0.01) ? 50 : 0);
    return this.#passed;
  };

  take(ms: number): void {
    this.#passed += ms;
  }
}

const time = new MadeUpTime();

/** A name that nobody has takes 5 ms more to count. */
function looksLonger({ limiter, ...ports }: FlowPorts): FlowPorts {
  const admit: typeof limiter.admit = async (tries, now) => {
    const isKnown = tries.some(({ subject: [, name] }) => known.has(name));
    if (!isKnown) time.take(5);
    return limiter.admit(tries, now);
  };
  return { ...ports, limiter: { ...limiter, admit } };
}

/** Only names that somebody has are counted. */
function countsThePeople({ limiter, ...ports }: FlowPorts): FlowPorts {
  const admit: typeof limiter.admit = async (tries, now) =>
    tries.some(({ subject: [, name] }) => known.has(name)) ? limiter.admit(tries, now) : 0;
  return { ...ports, limiter: { ...limiter, admit } };
}

/** A flow ends when PingOne's clock says so, which a decoy has no part in. */
function keepsPingOnesTime({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = async (request) => {
    const won = await store.claim(request);
    if (won.kind !== "held") return won;
    const commit: HeldClaim["commit"] = ({ state, jar, reply }) => {
      const late = jar.standing === "named" ? 40 : 0;
      return won.claim.commit({ state: { ...state, deadline: state.deadline - late }, jar, reply });
    };
    return { ...won, claim: { ...won.claim, commit } };
  };
  return { ...ports, store: { ...store, claim } };
}

/** Answers tell what PingOne tells. */
function givesHints({ settings, ...ports }: FlowPorts): FlowPorts {
  return { ...ports, settings: { ...settings, disclosure: "hints" } };
}

const cases: readonly (readonly [that: string, defect: Defect, told: RegExp, scale: number])[] = [
  [
    "takes 5 ms longer over a name that nobody has",
    { ports: looksLonger },
    /a known name takes -\d+\.\d+ ms more/,
    0.01,
  ],
  ["counts known names only", { ports: countsThePeople }, /limit: .*rate-limited\/20[01]/, 0.001],
  [
    "ends a known name's flow by PingOne's clock",
    { ports: keepsPingOnesTime },
    /the row after [\s\S]*"lifeMs":(?:898000|897960)[\s\S]*"lifeMs":898040/,
    0.001,
  ],
  [
    "gives hints",
    { ports: givesHints },
    /lookup, Passwordless: \S+ tells:\n\d+\n[\s\S]*nobody has:\n422/,
    0.001,
  ],
];

describe("enumeration notices a function that", () => {
  it.each(cases)("%s", async (_that, defect, told, scale) => {
    const { misses } = await enumeration.run(conditionsWith(defect, { scale }, time.now));
    expectNoticed(misses, told);
  });
});
