import { describe, expect, it } from "vitest";
import { boundsWith } from "./bounds/bounds.ts";
import { exploredPlan } from "./run/explored.ts";
import { traceOf } from "./run/report.ts";

/** Two faults fewer than in full: one for a request by itself, none for several. */
const fewer = 2;

describe.each(boundsWith(fewer))("the explored bound of $name", ({ name: bound, plans }) => {
  it("has no schedule that violates anything", async () => {
    const traces: string[] = [];
    let schedules = 0;
    for (const plan of plans) {
      const explored = await exploredPlan(plan);
      schedules += explored.schedules;
      traces.push(...explored.traces.map((trace) => traceOf({ bound, plan: plan.name, fewer }, trace)));
    }

    expect(traces.join("\n\n")).toBe("");
    // Every plan has been run, and most of them in more than one order.
    expect(schedules).toBeGreaterThan(plans.length);
  });
});
