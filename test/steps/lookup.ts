import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("lookup", {
  rank: 10,
  before: { goesOn: { policy: "Passwordless", who: people.emailOtp, way: [] } },
  body: { username: people.twoDevices.username },
  wellFormed: (text) => ({ username: text }),
  answer: ({ who: { username } }) => ({ username }),
  wrong: (_, drawn) => ({ username: `nobody-${drawn}@example.com` }),
});
