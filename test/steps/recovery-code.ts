import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("recovery-code", {
  rank: 6,
  aside: true,
  stays: true,
  changesPerson: true,
  before: { goesOn: { policy: "Self_Service", who: people.passwordOnly, way: ["password-forgot"] } },
  body: undefined,
  wellFormed: () => ({}),
  answer: () => undefined,
});
