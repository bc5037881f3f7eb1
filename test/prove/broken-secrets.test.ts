import { describe, expect, it } from "vitest";
import { fixation } from "./fixation.ts";
import { hijack } from "./hijack.ts";
import { keepsTokens } from "./kit/broken-ports.ts";
import { countsNoMisses, tellsThatItExists } from "./kit/broken-secrets.ts";
import { conditionsWith, type Defect, type Proof } from "./kit/proof.ts";

/** A proof, what is wrong with the function under it, the part of its rounds that shows it, and what it says then. */
interface Case {
  readonly proof: Proof;
  readonly that: string;
  readonly defect: Defect;
  readonly scale: number;
  readonly told: RegExp;
}

const cases: readonly Case[] = [
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
];

describe("a proof notices a function that is broken:", () => {
  it.each(cases)("$proof.name, one that $that", { timeout: 120_000 }, async (broken) => {
    const { proof, defect, scale, told } = broken;
    const { misses } = await proof.run(conditionsWith(defect, scale));
    expect(misses.join("\n")).toMatch(told);
  });
});
