import type { Choice } from "../schedule/choice.ts";

/** What of a choice says whether it can change places with another. */
export type Move = Pick<Choice, "actor" | "faults" | "matter" | "name">;

/** Choices that need not be made now, since the same came of them in another order; by their names. */
export type Sleepers = ReadonlyMap<string, Move>;

/**
 * Whether two choices come to the same in both orders: those of different requests about different things.
 * Time is everybody's. And where one more fault is left only one of two faults can happen.
 */
function canSwap(one: Move, other: Move, faults: number): boolean {
  return (
    one.actor !== other.actor &&
    one.matter !== other.matter &&
    one.matter !== "clock" &&
    other.matter !== "clock" &&
    one.faults + other.faults <= faults &&
    !isWeighed(one, other) &&
    !isWeighed(other, one)
  );
}

/** A commit is held against what PingOne is at by then. */
function isWeighed(one: Move, other: Move): boolean {
  return one.matter === "row" && one.name.includes(": commit") && other.matter === "pingone";
}

/** Those that still sleep once a choice has been made. */
export function stillAsleep(sleepers: Sleepers, made: Move, faults: number): Sleepers {
  return new Map([...sleepers].filter(([, one]) => canSwap(one, made, faults)));
}
