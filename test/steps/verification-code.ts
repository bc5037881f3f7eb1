import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("verification-code", {
  rank: 7,
  aside: true,
  stays: true,
  before: { goesOn: { policy: "Self_Service", who: people.passwordOnly, way: ["register"] } },
  body: undefined,
  wellFormed: () => ({}),
  answer: () => undefined,
});
