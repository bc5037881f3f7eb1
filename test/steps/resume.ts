import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("resume", {
  rank: 100,
  before: { completes: { policy: "Single_Factor", who: people.passwordOnly, way: ["password"] } },
  body: undefined,
  wellFormed: () => ({}),
  answer: () => undefined,
});
