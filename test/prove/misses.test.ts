import { describe, expect, it } from "vitest";
import { expectNoticed } from "./kit/noticing.ts";
import { Misses } from "./kit/proof.ts";
import { missLinesFor } from "./kit/table.ts";

/** What a busy machine misses, and behind it one more. */
function missesWith(last: string): Misses {
  const misses = new Misses();
  for (let count = 0; count < 100; count += 1) misses.unless(false, () => `late by ${count} ms`);
  misses.unless(true, () => "nothing wrong");
  misses.unless(false, () => last);
  return misses;
}

describe("a defect", () => {
  it("is noticed behind any number of other misses", () => {
    expectNoticed(missesWith("two calls").all, /^two calls$/);
  });

  it("is not noticed where none of the misses tells of it, nor where two do in part", () => {
    const { all } = missesWith("two");
    expect(() => expectNoticed(all, /calls/)).toThrow();
    expect(() => expectNoticed([...all, "calls"], /two\s*calls/)).toThrow();
    expect(() => expectNoticed([], /two/)).toThrow();
  });
});

describe("a proof that does not hold", () => {
  it("prints the first misses, and how many there are beside them", () => {
    const verdict = { rounds: 1, figure: "", misses: missesWith("two calls").all };
    const lines = missLinesFor({ name: "race", verdict, seconds: 1 });
    expect(lines).toHaveLength(9);
    expect([lines[0], lines[8]]).toEqual(["    late by 0 ms", "    and 93 more"]);
    expect(
      missLinesFor({ name: "race", verdict: { ...verdict, misses: ["two calls"] }, seconds: 1 }),
    ).toEqual(["    two calls"]);
  });
});
