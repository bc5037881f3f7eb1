import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

const { password } = people.passwordOnly;
const known = Object.values(people).map(({ username }) => username);

export const sample = defineSample("register", {
  rank: 3,
  makesPerson: true,
  before: { goesOn: { policy: "Self_Service", who: people.passwordOnly, way: [] } },
  body: { username: "new@example.com", email: "new@example.com", password },
  wellFormed: (text) => ({ username: text, email: text, password: text }),
  // Somebody has the name already.
  wrong: (right, drawn) => ({ ...right, username: known[drawn % known.length] ?? right.username }),
  answer: ({ who: { username } }) => ({ username, email: username, password }),
});
