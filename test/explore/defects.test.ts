import { describe, expect, it } from "vitest";
import { boundsWith } from "./bounds/bounds.ts";
import { type KnownDefect, knownDefects } from "./defects.ts";
import { type Plan, prepared } from "./search/plan.ts";
import { search } from "./search/search.ts";
import { runThrough, shrunk } from "./search/shrink.ts";

/** No more choices than a reader follows. */
const mostChoices = 12;

function plansFor({ bound, fewer, plans }: KnownDefect): readonly Plan[] {
  const all = boundsWith(fewer).find(({ name }) => name === bound)?.plans ?? [];
  return all.filter(({ name }) => plans.test(name));
}

describe("the exploration finds a function that", () => {
  it.each(knownDefects)("$that", async (known) => {
    const [plan] = plansFor(known);
    if (plan === undefined) throw new Error("There is no such plan.");
    const broken = await prepared({ ...plan, defect: known.defect });
    const { findings } = await search(broken);
    const finding = findings.find(({ check }) => check === known.check);
    if (finding === undefined) throw new Error(`Only this was found: ${JSON.stringify(findings)}`);
    const { check, choices } = await shrunk(broken, finding);

    expect(check).toBe(known.check);
    expect(choices.length).toBeLessThanOrEqual(mostChoices);
    expect(await runThrough(await prepared(plan), choices, check)).toBeUndefined();
  });
});
