import type { Check, RowSight } from "./check.ts";

/** Nothing is done too early or too late. */
export const inTime: Check = {
  name: "in time",
  promise:
    "No step is taken and no doubt settled after the deadline, and no resume asked again before its time.",
  onRow: ({ deeds, purpose, before, after }: RowSight) => {
    if (before === undefined || before === after) return undefined;
    if (purpose !== "claim" && purpose !== "take over") return undefined;
    // A request that is late on its way says what time it was.
    if (before.deadline <= deeds.askedAt) return `${deeds.name} takes up a flow that has expired`;
    const isEarly = before.claim?.step === "resume" && (before.resumeAt ?? 0) > deeds.askedAt;
    return purpose === "take over" && isEarly ? `${deeds.name} asks again too early` : undefined;
  },
};
