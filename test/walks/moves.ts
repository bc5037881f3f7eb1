import fc from "fast-check";
import { type Person, people } from "../simulator/people.ts";
import { type PolicyName, policyNames } from "../simulator/policies.ts";
import { type Switches, strictSwitches, switchesSchema } from "../simulator/switches.ts";
import type { Disclosure } from "./stage.ts";

/**
 * What somebody does next.
 *
 * | kind      | does                                                     |
 * |-----------|----------------------------------------------------------|
 * | `right`   | takes the step that leads on, and makes no mistake       |
 * | `any`     | takes any step that is offered, rightly                  |
 * | `wrong`   | takes any step that is offered, and gets it wrong        |
 * | `read`    | reads the flow                                           |
 * | `repeat`  | sends the last request again that bought a token         |
 * | `approve` | answers a push that waits; else reads                    |
 * | `deny`    | the same                                                 |
 * | `outside` | asks for a step that is not offered                      |
 */
export interface Move {
  readonly kind: "any" | "approve" | "deny" | "outside" | "read" | "repeat" | "right" | "wrong";
  /** Chooses where there is a choice. */
  readonly drawn: number;
}

/** A whole walk, before anybody has taken it. */
export interface WalkPlan {
  readonly policy: PolicyName;
  /** The name of a seeded person; each walk has somebody of its own who is like them. */
  readonly who: keyof typeof people;
  readonly isHinted: boolean;
  readonly disclosure: Disclosure;
  readonly switches: Switches;
  readonly moves: readonly Move[];
}

/** The seeded person of a plan. */
export function seeded({ who }: WalkPlan): Person {
  return people[who];
}

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant("right" as const) },
    { weight: 4, arbitrary: fc.constantFrom("any", "wrong", "approve") },
    { weight: 3, arbitrary: fc.constantFrom("read", "repeat", "outside", "deny") },
  ),
  drawn: fc.nat(1_000_000_000),
});

/** It is about starts with a wrong parameter, and walks make none. */
const { startRefusals } = strictSwitches;

/** Every value of every other switch but those under which PingOne takes no call of ours at all. */
const switches: fc.Arbitrary<Switches> = fc
  .record(
    Object.fromEntries(
      Object.entries(switchesSchema.shape)
        .filter(([name]) => name !== "startRefusals")
        .map(([name, schema]) => [name, fc.constantFrom(...valuesOf(schema))]),
    ),
  )
  .map((drawn) => switchesSchema.parse({ ...drawn, startRefusals }));

function valuesOf(schema: (typeof switchesSchema.shape)[keyof Switches]): readonly unknown[] {
  if (!("options" in schema)) return [false, true];
  return schema.options.filter(
    (option) => option !== "required" || schema !== switchesSchema.shape.flowsBearer,
  );
}

/** Walks of every policy, person, switch and disclosure. */
export const walkPlans: fc.Arbitrary<WalkPlan> = fc.record({
  policy: fc.constantFrom(...policyNames),
  who: fc.constantFrom(...namesOf(people)),
  isHinted: fc.boolean(),
  disclosure: fc.constantFrom("hints", "minimal"),
  switches,
  moves: fc.array(move, { minLength: 1, maxLength: 14, size: "max" }),
});

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(record).filter((name): name is Name => name in record);
}
