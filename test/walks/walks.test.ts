import { describe, expect, it } from "vitest";
import { clientSteps } from "../../lib/flow/steps.ts";
import { takeWalks } from "./walks.ts";

describe("random walks over simulator and API", () => {
  it("are offered what PingOne takes, end by a name, and redeem where they are complete", async () => {
    const { failure, steps, ends } = await takeWalks({ runs: 250, seed: 20_260_115 });
    expect(failure).toBeUndefined();
    // Walks that got nowhere would prove nothing.
    expect([...steps.keys()].toSorted()).toEqual(expect.arrayContaining([...clientSteps].toSorted()));
    expect(ends.get("COMPLETED")).toBeGreaterThan(20);
  });
});
