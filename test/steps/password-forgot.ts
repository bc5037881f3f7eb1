import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("password-forgot", {
  rank: 4,
  changesPerson: true,
  before: { goesOn: { policy: "Self_Service", who: people.passwordOnly, way: [] } },
  body: { username: people.passwordOnly.username },
  wellFormed: (text) => ({ username: text }),
  answer: ({ who: { username } }) => ({ username }),
});
