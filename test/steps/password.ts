import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

const { username, password } = people.twoDevices;

export const sample = defineSample("password", {
  rank: 20,
  before: {
    goesOn: { policy: "Multi_Factor", who: people.emailOtp, way: [] },
    completes: { policy: "Single_Factor", who: people.passwordOnly, way: [] },
  },
  body: { username, password },
  wellFormed: (text) => ({ username: text, password: text }),
  answer: ({ who }) => ({ username: who.username, password: who.password ?? "" }),
  wrong: (right, drawn) => ({ ...right, password: `Not-The-One-${drawn}` }),
});
