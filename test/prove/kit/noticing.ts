import { describe, expect, it } from "vitest";
import { conditionsWith, type Defect, type Part, type Proof } from "./proof.ts";

/**
 * A proof, what is wrong with the function under it, the part of its rounds that shows it, and
 * what it says then.
 */
export interface Case extends Part {
  readonly proof: Proof;
  readonly that: string;
  readonly defect: Defect;
  readonly told: RegExp;
}

/** Each of these proofs notices the defect that is put in, and says what it is told by. */
export function noticing(cases: readonly Case[]): void {
  describe("a proof notices a function that is broken:", () => {
    it.each(cases)("$proof.name, one that $that", async (broken) => {
      const { proof, defect, told } = broken;
      const { misses } = await proof.run(conditionsWith(defect, broken));
      expectNoticed(misses, told);
    });
  });
}

/** Holds a defect to be among what was missed, whatever else was: a busy machine may have made some of it. */
export function expectNoticed(misses: readonly string[], told: RegExp): void {
  expect(misses).toContainEqual(expect.stringMatching(told));
}
