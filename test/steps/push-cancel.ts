import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("push-cancel", {
  ages: true,
  rank: 35,
  before: { goesOn: { policy: "Passwordless", who: people.pushAndSms, way: ["lookup"] } },
  body: undefined,
  wellFormed: () => ({}),
  answer: () => undefined,
});
