import { describe, expect, it } from "vitest";
import { clientSteps, steps } from "../../lib/flow/steps.ts";
import { takeWalks } from "./walks.ts";

describe("random walks over simulator and API", () => {
  it("are offered what PingOne takes, end by a name, and redeem where they are complete", async () => {
    const { failure, steps: taken, ends } = await takeWalks({ runs: 250, seed: 20_260_115 });
    expect(failure).toBeUndefined();
    // Walks that got nowhere would prove nothing.
    const onTheWay = clientSteps.filter((step) => steps[step].call.kind !== "exchange");
    expect([...taken.keys()].toSorted()).toEqual(onTheWay.toSorted());
    expect(ends.get("COMPLETED")).toBeGreaterThan(20);
  });
});
