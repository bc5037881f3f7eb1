import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("reset", {
  rank: 5,
  aside: true,
  before: { goesOn: { policy: "Identifier_First", who: people.passwordOnly, way: ["lookup"] } },
  body: undefined,
  wellFormed: () => ({}),
  answer: () => undefined,
});
